# break returns its argument.
builtins.break (1 + 1)
