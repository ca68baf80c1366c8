# Lists gone through by `head` and `tail`. The recursion is as deep as the list is long.
{ n ? 1200 }:
let
  sum = list: total: if list == [ ] then total else sum (builtins.tail list) (total + builtins.head list);
in
builtins.foldl' (total: _: total + sum (builtins.genList (i: i) n) 0) 0 (builtins.genList (i: i) 8)
