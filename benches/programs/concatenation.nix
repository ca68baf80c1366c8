# Many short lists joined by `++`, a hundred to a list.
{ n ? 100000 }:
let
  hundred = start: builtins.foldl' (list: i: list ++ [ (start + i) ]) [ ] (builtins.genList (i: i) 100);
in
builtins.length (builtins.concatLists (builtins.genList (i: hundred (i * 100)) (n / 100)))
