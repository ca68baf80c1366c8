# Lists to which one element is added again and again: behind, before, on both sides.
{ n ? 30000 }:
let
  numbers = builtins.genList (i: i) n;
  grown = step: builtins.length (builtins.foldl' step [ ] numbers);
in
grown (list: i: list ++ [ i ]) + grown (list: i: [ i ] ++ list) + grown (list: i: [ i ] ++ list ++ [ i ])
  + grown (list: i: builtins.concatLists [ list [ i ] ])
