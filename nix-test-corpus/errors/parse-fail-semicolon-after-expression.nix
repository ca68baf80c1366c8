# An expression at top level has no semicolon.
{ a = 1; };
