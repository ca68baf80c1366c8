# One long string split at a regular expression.
{ n ? 50000 }:
let
  text = builtins.concatStringsSep "," (builtins.genList (i: "word${toString i}") n);
in
builtins.length (builtins.split "(,)" text)
