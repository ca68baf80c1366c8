# A variable is a slot of its own frame (%) or a capture (^) of a frame further out.
let
  a = 1;
  b = a + 1;
  add = x: x + b;
in
add a
