# Integers and floats compare as numbers, large integers by rounding.
[ (1 == 1.0) (2 > 1.9) (9007199254740993 == 9007199254740992.0) (1 < 1.0) (-1 < 0.0) ([ 1 2.0 ] == [ 1.0 2 ]) ]
