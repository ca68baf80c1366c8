# ++ evaluates its operands from left to right.
builtins.trace "a" [ 1 ] ++ builtins.trace "b" [ 2 ] ++ builtins.trace "c" [ 3 ]
