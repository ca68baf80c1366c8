# A trace message is written before the traced value is evaluated.
builtins.trace "outer" (builtins.trace "inner" "value")
