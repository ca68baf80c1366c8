# != is the negation of ==.
[ (1 != 2) ([ 1 ] != [ 1 ]) ({ } != { a = 1; }) ((x: x) != (x: x)) ]
