# Unary minus binds tighter than any binary operator, weaker than application.
let
  five = x: 5;
in
[ (-3) (- 3) (-3 + 5) (2 - -3) (-2 * -3) (-five 0) (--4) (-1.5) (- - 2) ]
