# elemAt xs.0 passes the float .0 as index.
let
  xs = [ 1 2 3 ];
in
builtins.elemAt xs.0
