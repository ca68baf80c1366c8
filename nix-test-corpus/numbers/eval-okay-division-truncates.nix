# Integer division rounds toward zero.
[ (7 / 2) (-7 / 2) (7 / -2) (-7 / -2) (0 / 5) (1 / 3) ]
