# Names after inherit may be quoted, also names that could not be written bare.
let
  "if" = 1;
  "a b" = 2;
  x = 3;
in
{ inherit "if" "a b" ${"x"}; }
