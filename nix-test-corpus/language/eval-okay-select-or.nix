# e.path or default: the default is used when any part of the path is missing.
let
  s = { a.b = 1; n = 5; };
in
[ (s.a.b or 0) (s.a.c or 0) (s.x.y.z or "none") (s.n.deep or "not a set") ]
