# At the start of an expression, xs.0 tries to call the list.
let
  xs = [ 1 2 3 ];
in
xs.0
