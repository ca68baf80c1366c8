# A default can itself be a selection with a default.
let
  a = { };
  b = { };
  c = { v = "from c"; };
in
a.v or b.v or c.v
