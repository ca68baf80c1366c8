# Strings made of parts.
{ n ? 100000 }:
builtins.foldl' (sum: i: sum + builtins.stringLength "item ${toString i} of ${toString n}") 0 (builtins.genList (i: i) n)
