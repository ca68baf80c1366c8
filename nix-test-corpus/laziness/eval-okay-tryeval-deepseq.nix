# Together with deepSeq tryEval reaches all of a value.
let
  attempt = x: (builtins.tryEval (builtins.deepSeq x x)).success;
in
[ (attempt { a = [ 1 (throw "x") ]; }) (attempt { a = [ 1 2 ]; }) (attempt [ (x: throw "in a function") ]) ]
