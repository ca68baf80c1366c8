# Defaults are used for missing arguments and may refer to the others.
let
  f = { a, b ? a + 1, c ? b * 10 }: [ a b c ];
in
[ (f { a = 1; }) (f { a = 1; b = 5; }) (f { a = 1; c = 0; }) ]
