# Two Booleans.
assert true == false;
"unreachable"
