# xs.0.1 is xs applied to the floats .0 and .1.
let
  xs = [ [ 1 2 ] ];
in
xs.0.1
