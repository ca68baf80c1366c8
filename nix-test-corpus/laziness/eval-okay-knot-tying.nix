# Two sets may refer to each other.
let
  a = { name = "a"; other = b; };
  b = { name = "b"; other = a; };
in
[ a.other.name a.other.other.name b.other.other.name ]
