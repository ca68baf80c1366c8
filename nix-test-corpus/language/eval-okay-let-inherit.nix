# inherit in let brings names from the enclosing scope or from a set.
let
  x = "outer";
  set = { y = "from set"; z = 0; };
in
let
  inherit x;
  inherit (set) y z;
in
[ x y z ]
