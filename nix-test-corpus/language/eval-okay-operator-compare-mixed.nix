# Integers and floats compare by value.
[ (1 < 1.5) (2.0 <= 2) (3 > 2.5) (-1 < -0.5) (1 == 1.0) (0.1 + 0.2 == 0.3) ]
