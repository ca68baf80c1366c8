# The result of tryEval, in both cases.
[ (builtins.tryEval 1) (builtins.tryEval (throw "x")) (builtins.attrNames (builtins.tryEval { })) ]
