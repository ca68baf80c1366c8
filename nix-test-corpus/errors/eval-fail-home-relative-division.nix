# Without spaces a division is a path, and a path cannot be called.
let
  a = 6;
in
a/2 a
