# Functions compare unequal, except as parts of the very same value.
let
  f = x: x;
  s = { inherit f; };
in
[ (f == f) (s == s) ([ f ] == [ f ]) ([ (x: x) ] == [ (x: x) ]) ({ g = f; } == { g = f; }) ]
