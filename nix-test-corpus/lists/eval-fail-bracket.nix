# xs[0] is an application too.
let
  xs = [ 1 2 3 ];
in
xs[0]
