# Replacing an attribute with // does not change what others computed from it.
let
  r = rec { base = 1; next = base + 1; };
in
r // { base = 100; }
