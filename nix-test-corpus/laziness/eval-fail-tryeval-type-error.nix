# tryEval does not catch type errors.
builtins.tryEval (builtins.length 5)
