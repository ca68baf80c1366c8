# getAttr and hasAttr take the name as a string.
let
  s = { a = 1; "x y" = 2; };
in
[ (builtins.getAttr "x y" s) (builtins.hasAttr "a" s) (builtins.hasAttr "b" s) ]
