# tryEval does not catch a call with missing arguments.
builtins.tryEval (({ a }: a) { })
