# Floats are printed with six significant digits.
[ 0.1 (1.0 / 3) 100000.0 1000000.0 123456.7 1234567.8 0.0001 0.00001 1.0e-10 1.5e300 (-2.0) 0.0 ]
