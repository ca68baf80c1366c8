# Mapping over a set and listing it.
let
  set = builtins.listToAttrs (builtins.genList (i: { name = "a${toString i}"; value = i; }) 50000);
  mapped = builtins.mapAttrs (name: value: value + 1) set;
in
builtins.foldl' (a: b: a + b) 0 (builtins.attrValues mapped)
