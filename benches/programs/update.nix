# Small sets put over a large one, again and again.
{ n ? 8000 }:
let
  add = set: i: set // { "k${toString i}" = i; };
in
builtins.length (builtins.attrNames (builtins.foldl' add { } (builtins.genList (i: i) n)))
