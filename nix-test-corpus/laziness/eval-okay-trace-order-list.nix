# With strict printing, list elements are evaluated from left to right.
[ (builtins.trace "first" 1) (builtins.trace "second" 2) (builtins.trace "third" 3) ]
