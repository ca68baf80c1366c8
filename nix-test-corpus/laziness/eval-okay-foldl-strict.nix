# foldl' evaluates each intermediate result, but not the start value if it is unused.
builtins.foldl' (acc: x: x) (throw "start value") [ 1 2 3 ]
