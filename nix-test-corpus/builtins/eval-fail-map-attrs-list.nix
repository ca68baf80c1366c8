# mapAttrs of a list.
builtins.mapAttrs (n: v: v) [ 1 ]
