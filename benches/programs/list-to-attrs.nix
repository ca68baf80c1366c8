# A large set made from a list, and its names listed.
{ n ? 50000 }:
let
  set = builtins.listToAttrs (builtins.genList (i: { name = "a${toString i}"; value = i; }) n);
in
builtins.length (builtins.attrNames set)
