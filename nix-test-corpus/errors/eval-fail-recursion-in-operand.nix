# What needs itself is told where it is needed.
let
  x = if true then (y + 1) else 0;
  y = [ ] ++ x;
in
y
