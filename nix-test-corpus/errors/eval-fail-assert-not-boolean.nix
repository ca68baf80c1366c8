# The condition of an assert must be a Boolean.
assert 1;
"unreachable"
