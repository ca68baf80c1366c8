# Lists of different kinds of elements.
[ 1 2 ] < [ 1 "x" ]
