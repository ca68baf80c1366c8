# Sides of different types.
assert [ ] == { };
"unreachable"
