# An attribute is evaluated once, also through copies of the set.
let
  s = { a = builtins.trace "attribute" 1; };
  t = s // { b = 2; };
in
[ s.a t.a (s // { c = 3; }).a ]
