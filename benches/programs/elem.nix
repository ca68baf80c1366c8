# Searching lists: a hundred times in one of n elements.
{ n ? 20000 }:
let
  numbers = builtins.genList (i: i) n;
in
builtins.length (builtins.filter (i: builtins.elem (n - i) numbers) (builtins.genList (i: i) 100))
