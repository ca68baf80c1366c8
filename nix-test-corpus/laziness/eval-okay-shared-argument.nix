# A function argument is evaluated once.
(x: x + x + x) (builtins.trace "argument" 5)
