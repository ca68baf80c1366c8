# List functions one behind the other.
{ n ? 150000 }:
let
  even = builtins.filter (x: x / 2 * 2 == x) (map (x: x * 3) (builtins.genList (x: x) n));
in
builtins.length (builtins.concatMap (x: [ x (x + 1) ]) even)
