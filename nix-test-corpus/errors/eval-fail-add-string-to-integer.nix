# The left side of + decides: an integer cannot take a string.
1 + "a"
