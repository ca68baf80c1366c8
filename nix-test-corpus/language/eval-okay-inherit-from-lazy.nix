# The source of inherit is evaluated only when an inherited attribute is.
let
  s = { inherit (throw "unused source") a b; c = 1; };
in
[ s.c (builtins.attrNames s) (s ? a) ]
