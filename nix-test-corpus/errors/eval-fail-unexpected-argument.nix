# An argument that the pattern does not list.
let
  f = { a }: a;
in
f { a = 1; zzz = 2; }
