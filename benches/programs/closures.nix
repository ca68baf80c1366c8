# Functions that are made at run time and remember what is around them.
{ n ? 200000 }:
let
  compose = f: g: x: f (g x);
  step = sum: i: compose (x: x + i) (x: x + 1) sum;
in
builtins.foldl' step 0 (builtins.genList (i: i) n)
