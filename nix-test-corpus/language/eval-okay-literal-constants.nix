# true, false and null are ordinary names of the base environment.
let
  show = x: builtins.typeOf x;
in
[ (show true) (show false) (show null) ]
