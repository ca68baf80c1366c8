# Without a dot there is no exponent: 1e3 is the number 1 and the name e3.
let
  e3 = "a name";
  pair = x: y: [ x y ];
in
[ (pair 1e3) (pair 1.0e3 e3) ]
