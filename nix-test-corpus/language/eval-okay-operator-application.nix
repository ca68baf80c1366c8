# Application binds tighter than every operator, selection tighter still.
let
  inc = x: x + 1;
  s = { f = inc; n = 3; };
in
[ (inc 1 * 2) (s.f s.n) (inc s.n + inc 1) (- inc 1) (map inc [ 1 2 ] ++ [ 9 ]) ]
