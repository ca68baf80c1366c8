# In XML a set that occurs twice is written twice; only derivations are marked as repeated.
let
  s = { a = 1; };
in
[ s s ]
