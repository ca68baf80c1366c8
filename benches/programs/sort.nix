# Sorting with a comparator written in Nix.
{ n ? 30000 }:
let
  random = i: let x = i * 7919; in x - (x / 100003) * 100003;
in
builtins.elemAt (builtins.sort (a: b: a < b) (builtins.genList random n)) (n / 2)
