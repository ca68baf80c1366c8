# partition keeps the order on both sides.
builtins.partition (x: builtins.trace "ask ${toString x}" (x > 2)) [ 4 1 3 2 ]
