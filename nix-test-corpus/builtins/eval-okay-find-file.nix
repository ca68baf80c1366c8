# findFile goes through a list of prefixes and paths.
let
  find = name: builtins.findFile [
    { prefix = "data"; path = ./data; }
    { prefix = ""; path = ./data/dir; }
  ] name;
in
[ (baseNameOf (find "data/text.txt")) (baseNameOf (find "alpha.txt")) (builtins.tryEval (find "nothing")) ]
