# + on numbers: one float makes the sum a float.
[ (1 + 2) (1 + 2.0) (1.5 + 1) (1.5 + 2.5) (1 + 2 + 3.5) ]
