# The operator is called with two arguments.
builtins.foldl' (a: a) 0 [ 1 ]
