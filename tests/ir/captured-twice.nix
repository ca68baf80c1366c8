# A variable two functions out is captured by the function between them too; one used twice is captured once.
let
  base = 10;
  outer = x: { inner = y: [ base x y base ]; };
in
(outer 1).inner 2
