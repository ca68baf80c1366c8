# let accepts attribute paths and quoted names.
let
  a.b = 1;
  a.c.d = 2;
  "odd name" = 3;
  "x" = 4;
in
{ inherit a x; }
