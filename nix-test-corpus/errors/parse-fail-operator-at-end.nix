# A binary operator needs two sides.
1 +
