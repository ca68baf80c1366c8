# Global names beat a with: "map" stays the builtin, names that only exist inside builtins come from the set.
with { map = "shadowed?"; length = "from the set"; };
[ (builtins.typeOf map) length ]
