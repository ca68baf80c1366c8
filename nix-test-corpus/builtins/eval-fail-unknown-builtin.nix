# A builtin that does not exist.
builtins.lenght [ ]
