# List elements are separated by space alone; applications need parentheses.
let
  f = x: x * 2;
  s = { a = 1; };
in
[ (builtins.length [ f 3 ]) (builtins.length [ (f 3) ]) [ s.a (f s.a) s.b or 7 ] [ (-1) ] [ 1"x"[2]{ } ] ]
