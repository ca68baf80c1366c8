# An inherited name is the same value, not a second evaluation.
let
  x = builtins.trace "x" 1;
  s = { inherit x; };
  t = { inherit (s) x; };
in
[ x s.x t.x ]
