# A with reaches into functions written inside it, with the values of its set.
let
  add = with { step = 5; }; n: n + step;
in
with { step = 100; k = 2; };
[ (add 1) ((n: n * k) 3) ]
