# A set pattern wants a set.
let
  f = { a }: a;
in
f 5
