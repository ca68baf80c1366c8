# Fixpoints of overlays over a set of packages, as package sets have: a hundred overlays each.
{ n ? 2000 }:
let
  extends = overlay: base: final: let previous = base final; in previous // overlay final previous;
  fix = f: let x = f x; in x;
  overlay = i: final: previous: { "p${toString i}" = (previous."p${toString (i - 1)}" or 0) + 1; };
  base = i: final: builtins.listToAttrs (builtins.genList (j: { name = "q${toString j}"; value = i; }) 50);
  overlays = builtins.genList overlay 100;
  set = i: fix (builtins.foldl' (below: above: extends above below) (base i) overlays);
in
builtins.foldl' (sum: i: sum + (set i).p99) 0 (builtins.genList (i: i) (n / 100))
