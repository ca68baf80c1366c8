# concatMap calls its function from left to right.
builtins.concatMap (x: builtins.trace "expand ${x}" [ x x ]) [ "a" "b" ]
