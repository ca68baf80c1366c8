# Sets with different names.
assert { a = 1; b = 2; } == { a = 1; };
"unreachable"
