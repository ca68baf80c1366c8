# As an argument, xs.0 makes two arguments.
let
  xs = [ 1 2 3 ];
  pair = a: b: { inherit a b; };
in
pair xs.0
