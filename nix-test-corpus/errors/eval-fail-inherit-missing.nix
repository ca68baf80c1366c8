# Inheriting a name that the source does not have.
let
  src = { a = 1; };
in
{ inherit (src) b; }
