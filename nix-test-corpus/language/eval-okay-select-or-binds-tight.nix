# The default is a single operand: an application after it applies the result.
let
  s = { f = x: x + 1; };
  id = x: x;
in
[ (s.f or id 1) (s.g or id 5) (s.n or 3 + 4) ]
