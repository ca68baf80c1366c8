# The names of a set of a thousand, listed after each small change.
{ n ? 300 }:
let
  set = builtins.listToAttrs (builtins.genList (i: { name = "a${toString i}"; value = i; }) 1000);
  count = i: builtins.length (builtins.attrNames (set // { "b${toString i}" = i; }));
in
builtins.foldl' (sum: i: sum + count i) 0 (builtins.genList (i: i) n)
