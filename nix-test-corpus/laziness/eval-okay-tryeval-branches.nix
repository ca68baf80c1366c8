# Which branch throws decides; unused parts do not matter.
let
  pick = c: builtins.tryEval (if c then throw "then" else "else");
in
[ (pick true).success (pick false).value (builtins.tryEval (true || throw "x")).value ]
