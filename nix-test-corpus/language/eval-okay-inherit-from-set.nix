# inherit (e) names takes attributes of e, under their own names.
let
  src = { a = 1; b = 2; c = 3; "d e" = 4; };
in
{ inherit (src) a c "d e"; }
