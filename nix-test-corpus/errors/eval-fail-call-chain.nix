# Each call on the way, with the name of its function.
let
  f = x: g (x + 1);
  g = { a ? 1, ... }: y: a;
in
f 1
