# JSON shows the shortest digits that read back as the same float.
builtins.toJSON [ 0.1 1.0 (1.0 / 3) 1.0e10 1.0e-7 (-2.5) 1.0e100 123456789.125 (0.1 + 0.2) ]
