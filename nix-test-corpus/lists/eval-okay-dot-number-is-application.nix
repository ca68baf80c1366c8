# xs.0 is not indexing: .0 is a float, and xs is applied to it.
let
  f = x: [ "called with" x ];
in
[ (f.0) (f .5) (f.25) ]
