# Recursion a thousand calls deep.
{ n ? 200000 }:
let
  count = depth: if depth == 0 then 0 else 1 + count (depth - 1);
in
builtins.foldl' (sum: i: sum + count 1000) 0 (builtins.genList (i: i) (n / 1000))
