# Lists of different sizes.
assert [ 1 2 ] == [ 1 2 3 ];
"unreachable"
