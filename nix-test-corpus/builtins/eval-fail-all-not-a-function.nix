# The predicate must be a function.
builtins.all 5 [ 1 ]
