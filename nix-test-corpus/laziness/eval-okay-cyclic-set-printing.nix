# A set that contains itself is printed with a mark where it repeats.
let
  s = { a = 1; inner = { back = s; }; };
in
s
