# Bindings of let see each other whatever their order.
let
  c = a + b;
  a = 1;
  b = a * 10;
in
c
