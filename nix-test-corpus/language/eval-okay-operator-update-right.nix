# // keeps the right side's values and associates to the right.
{ a = 1; b = 1; c = 1; } // { b = 2; c = 2; } // { c = 3; d = 3; }
