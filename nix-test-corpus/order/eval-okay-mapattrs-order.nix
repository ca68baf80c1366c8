# The list of a mapped set's values is in byte order of the names.
builtins.deepSeq (builtins.attrValues (builtins.mapAttrs (n: v: builtins.trace n v) { y = 1; x = 2; z = 3; })) "done"
