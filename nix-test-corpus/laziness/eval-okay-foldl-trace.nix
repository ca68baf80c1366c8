# foldl' works from left to right as it goes.
builtins.foldl' (acc: x: builtins.trace "add ${toString x}" (acc + x)) 0 [ 1 2 3 ]
