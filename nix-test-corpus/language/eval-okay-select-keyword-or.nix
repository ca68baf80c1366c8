# The word "or" is a valid attribute name.
let
  s = { or = 1; x.or = 2; };
in
[ s.or s.x.or (s.x.or or 3) (s ? or) ]
