# A definition may mention itself below a constructor or a function.
let
  a = { x = 1; y = a.x; };
  l = [ 1 (builtins.head l) ];
  f = n: if n == 0 then "end" else f (n - 1);
in
[ a.y (builtins.elemAt l 1) (f 3) ]
