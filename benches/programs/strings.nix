# Building strings by interpolation, and taking them apart.
let
  words = builtins.genList (i: "word${toString i}") 50000;
  text = builtins.concatStringsSep "," words;
in
builtins.length (builtins.split "," text) + builtins.stringLength (builtins.replaceStrings [ "word" ] [ "w" ] text)
