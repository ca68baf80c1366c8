# Calls of curried functions, with all arguments and with some.
{ n ? 200000 }:
let
  add = a: b: c: a + b + c;
  add1 = add 1;
in
builtins.foldl' (sum: i: add1 2 (add sum i 0)) 0 (builtins.genList (i: i) n)
