# Many short texts for the store.
{ n ? 20000 }:
let
  file = i: builtins.toFile "file-${toString i}" "text ${toString i}";
in
builtins.foldl' (sum: i: sum + builtins.stringLength (file i)) 0 (builtins.genList (i: i) n)
