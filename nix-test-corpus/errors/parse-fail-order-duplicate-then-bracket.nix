# A duplicate is told before a later syntax error, as its definition was complete first.
{ p = 1; q = 2; p = 3; ) }
