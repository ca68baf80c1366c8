# Functions bound by let may call each other.
let
  even = n: if n == 0 then true else odd (n - 1);
  odd = n: if n == 0 then false else even (n - 1);
in
map even [ 0 1 10 7 ]
