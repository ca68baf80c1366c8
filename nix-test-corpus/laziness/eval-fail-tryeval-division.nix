# tryEval does not catch a division by zero.
builtins.tryEval (1 / 0)
