# An assert that holds is transparent.
assert 1 + 1 == 2;
assert true -> true;
"fine"
