# ? tests a whole attribute path and never fails on a missing part.
let
  s = { a.b.c = 1; "x y" = null; n = 3; };
in
[ (s ? a) (s ? a.b.c) (s ? a.b.d) (s ? z.z) (s ? n.x) (s ? "x y") (s ? ${"a"}.b) (s ? a.${"b"}.c) ]
