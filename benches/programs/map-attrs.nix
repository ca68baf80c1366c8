# A set of a thousand mapped, and its values added.
{ n ? 100 }:
let
  set = builtins.listToAttrs (builtins.genList (i: { name = "a${toString i}"; value = i; }) 1000);
  total = i: builtins.foldl' (a: b: a + b) 0 (builtins.attrValues (builtins.mapAttrs (name: value: value + i) set));
in
builtins.foldl' (sum: i: sum + total i) 0 (builtins.genList (i: i) n)
