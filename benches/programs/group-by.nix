# Numbers grouped by a computed name.
{ n ? 100000 }:
let
  groups = builtins.groupBy (i: toString (i / 10)) (builtins.genList (i: i) n);
in
builtins.length (builtins.attrNames groups)
