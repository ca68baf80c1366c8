# List functions one behind the other.
let
  numbers = builtins.genList (x: x) 200000;
  even = builtins.filter (x: x / 2 * 2 == x) (map (x: x * 3) numbers);
in
builtins.length (builtins.concatMap (x: [ x (x + 1) ]) even)
