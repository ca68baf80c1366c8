# A builtin that is called with too many arguments calls its result.
builtins.add 1 2 3
