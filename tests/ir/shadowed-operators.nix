# Subtraction, product, quotient and order are calls of variables by name, so a program can replace them. A sum is not.
let
  __sub = a: b: "sub";
  __lessThan = a: b: true;
in
[ (5 - 3) (-1) (2 > 1) (2 >= 1) (2 * 3) (1 + 1) ]
