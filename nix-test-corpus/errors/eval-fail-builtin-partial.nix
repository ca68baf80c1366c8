# A builtin that got too few arguments is a function.
"length: ${builtins.elemAt [ 1 ]}"
