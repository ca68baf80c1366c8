# A set pattern takes its arguments by name.
let
  f = { a, b }: [ a b ];
in
f { b = 2; a = 1; }
