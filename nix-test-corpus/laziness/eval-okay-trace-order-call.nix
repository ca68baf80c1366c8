# The function is evaluated before its argument, and the argument only when used.
builtins.trace "function" (x: builtins.trace "body" x) (builtins.trace "argument" 1)
