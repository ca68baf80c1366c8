# An inner binding hides the outer one; an inner let may not refer to the outer name it hides.
let
  x = 1;
  y = x;
in
let
  x = 2;
in
[ x y (let x = 3; in x) x ]
