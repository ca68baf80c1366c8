# Sorting with a comparator written in Nix.
let
  random = i: let x = i * 7919; in x - (x / 100003) * 100003;
in
builtins.elemAt (builtins.sort (a: b: a < b) (builtins.genList random 100000)) 50000
