# xs."0" selects from a list as if it were a set; with a default that is the default.
let
  xs = [ 1 2 3 ];
in
[ (xs."0" or "no set") (xs.${"1"} or "no set") (xs ? "0") ]
