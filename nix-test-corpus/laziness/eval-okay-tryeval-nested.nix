# The innermost tryEval catches.
let
  inner = builtins.tryEval (throw "x");
  outer = builtins.tryEval (if inner.success then 1 else throw "y");
in
[ inner outer ]
