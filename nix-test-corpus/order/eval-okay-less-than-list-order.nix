# < on lists stops at the first difference.
[ (builtins.trace "l0" 0) (builtins.trace "l1" 1) (throw "l2") ]
< [ (builtins.trace "r0" 0) (builtins.trace "r1" 2) (throw "r2") ]
