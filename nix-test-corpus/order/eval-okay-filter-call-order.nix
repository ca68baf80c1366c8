# filter asks the predicate from left to right.
builtins.filter (x: builtins.trace "test ${toString x}" (x > 1)) [ 3 1 2 ]
