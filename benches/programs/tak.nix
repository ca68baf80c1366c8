# Recursion in which arguments are calls.
{ n ? 100 }:
let
  tak = x: y: z: if y < x then tak (tak (x - 1) y z) (tak (y - 1) z x) (tak (z - 1) x y) else z;
in
builtins.foldl' (sum: i: sum + tak 9 6 3) 0 (builtins.genList (i: i) n)
