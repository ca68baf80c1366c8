# zipAttrsWith calls its function for an attribute when that is needed.
let
  z = builtins.zipAttrsWith (n: vs: if n == "bad" then throw n else vs) [
    { good = 1; bad = 2; }
    { good = 3; }
  ];
in
[ (builtins.attrNames z) z.good ]
