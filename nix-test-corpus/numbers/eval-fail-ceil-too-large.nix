# A float beyond the range of integers cannot be rounded.
builtins.ceil 1.0e19
