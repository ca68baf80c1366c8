# One float makes the division a float division.
[ (7 / 2.0) (7.0 / 2) (1.0 / 3) (-1.0 / 4) ]
