# Neither an unused default nor an unneeded sibling is evaluated.
let
  s = { a = 1; b = throw "sibling"; };
in
[ (s.a or (throw "default")) (s.c or 2) ]
