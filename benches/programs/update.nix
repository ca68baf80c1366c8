# Small sets put over a large one, again and again.
let
  add = set: i: set // { "k${toString i}" = i; };
in
builtins.length (builtins.attrNames (builtins.foldl' add { } (builtins.genList (x: x) 10000)))
