# An index past the end names the index and the size.
builtins.elemAt [ 1 2 3 ] 3
