# toString gives a float six decimals.
map toString [ 0.1 1.0 (1.0 / 3) 1.0e10 1.0e-7 (-2.5) 123456789.125 1.0e20 ]
