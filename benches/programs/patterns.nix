# Functions that take sets apart.
{ n ? 200000 }:
let
  f = { a, b ? a + 1, ... }: a + b;
in
builtins.foldl' (sum: i: sum + f { a = i; c = 3; }) 0 (builtins.genList (i: i) n)
