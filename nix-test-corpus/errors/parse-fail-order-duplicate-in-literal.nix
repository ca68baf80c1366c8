# Inside a set literal that would be merged, its own duplicate is told first.
{ p = { q = 1; }; p = { r = 1; r = 2; q = 3; }; }
