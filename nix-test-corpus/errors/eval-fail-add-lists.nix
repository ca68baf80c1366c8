# Lists are joined by ++, not +.
[ 1 ] + [ 2 ]
