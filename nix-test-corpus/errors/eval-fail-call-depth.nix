# Endless recursion ends at the call depth limit.
let
  f = x: f (x + 1);
in
f 0
