# Functions that take sets apart.
let
  f = { a, b ? a + 1, ... }: a + b;
  step = sum: i: sum + f { a = i; c = 3; };
in
builtins.foldl' step 0 (builtins.genList (x: x) 300000)
