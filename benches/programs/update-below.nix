# A large set put over small ones, again and again.
{ n ? 4000 }:
let
  add = set: i: { "k${toString i}" = i; } // set;
in
builtins.length (builtins.attrNames (builtins.foldl' add { } (builtins.genList (i: i) n)))
