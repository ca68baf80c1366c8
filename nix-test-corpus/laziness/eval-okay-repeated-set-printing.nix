# A set that occurs twice is printed in full only the first time.
let
  s = { a = 1; };
in
{ x = s; y = s; z = { a = 1; }; e1 = { }; e2 = { }; }
