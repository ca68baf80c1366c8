# == walks lists from left to right, both sides in step, and stops at a difference.
[ (builtins.trace "l0" 0) (builtins.trace "l1" 1) (builtins.trace "l2" 2) ]
== [ (builtins.trace "r0" 0) (builtins.trace "r1" 9) (builtins.trace "r2" 2) ]
