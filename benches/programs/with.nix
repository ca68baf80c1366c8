# Names found through nested `with`s.
{ n ? 200000 }:
let
  outer = { a = 1; b = 2; };
  inner = { c = 3; };
  step = sum: i: with outer; with inner; sum + a + b + c;
in
builtins.foldl' step 0 (builtins.genList (i: i) n)
