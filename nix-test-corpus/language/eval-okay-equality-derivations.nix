# Sets of type "derivation" are equal when their outPath is.
let
  a = { type = "derivation"; outPath = "/p"; name = "a"; };
  b = { type = "derivation"; outPath = "/p"; name = "b"; };
  c = { type = "derivation"; outPath = "/q"; name = "a"; };
in
[ (a == b) (a == c) (a == { inherit (a) outPath; }) (removeAttrs a [ "type" ] == removeAttrs b [ "type" ]) ]
