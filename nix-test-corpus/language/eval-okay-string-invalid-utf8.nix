# A byte that is not UTF-8 is kept as is.
let
  s = "ÿ";
in
[ (builtins.stringLength s) (s == "x") ]
