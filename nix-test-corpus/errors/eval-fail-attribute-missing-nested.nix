# The part of the path that exists is mentioned.
let
  s = { a.b = { }; };
in
s.a.b.xyzzy
