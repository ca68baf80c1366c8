# Each attribute on the way is told with its definition.
let
  a = { b = c.d; };
  c = { d = a.b; };
in
a.b
