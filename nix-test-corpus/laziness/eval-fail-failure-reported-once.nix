# A failed value that is used twice reports the place of its definition.
let
  x = throw "the failure";
in
builtins.deepSeq (builtins.tryEval x) x
