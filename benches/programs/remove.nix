# The attributes of a large set, removed one after the other.
{ n ? 12000 }:
let
  names = builtins.genList toString n;
  set = builtins.listToAttrs (map (name: { inherit name; value = name; }) names);
in
builtins.length (builtins.attrNames (builtins.foldl' (set: name: removeAttrs set [ name ]) set names))
