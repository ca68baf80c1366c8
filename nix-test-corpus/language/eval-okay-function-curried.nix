# Functions of several arguments are functions that return functions.
let
  add3 = a: b: c: a + b + c;
  add1and2 = add3 1 2;
in
[ (add3 1 2 3) (add1and2 10) (map (add3 0 1) [ 1 2 ]) ]
