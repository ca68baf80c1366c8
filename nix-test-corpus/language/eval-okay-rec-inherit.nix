# inherit in a rec set takes the outer value, even for a name the set defines by it.
let
  x = "outer";
in
rec { inherit x; y = x + "!"; }
