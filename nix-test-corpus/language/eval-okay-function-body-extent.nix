# The body of a lambda reaches as far to the right as possible.
let
  f = x: x + 1 == 2 -> x > 0;
  g = a: b: a // b;
in
[ (f 1) (f 0) (g { p = 1; } { q = 2; }) ]
