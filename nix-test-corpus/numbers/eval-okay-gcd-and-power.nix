# Small number functions.
let
  gcd = a: b: if b == 0 then a else gcd b (a - b * (a / b));
  pow = b: e: if e == 0 then 1 else b * pow b (e - 1);
in
[ (gcd 48 180) (gcd 17 5) (pow 2 62) (pow 7 3) ]
