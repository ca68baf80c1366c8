# Remainder from division and subtraction takes the sign of the dividend.
let
  mod = a: b: a - b * (a / b);
in
[ (mod 7 3) (mod (-7) 3) (mod 7 (-3)) (mod 6 3) ]
