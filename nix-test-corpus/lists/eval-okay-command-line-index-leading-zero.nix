# An index is read as a number, so 01 is 1.
{ xs = [ "zero" "one" "two" ]; }
