# Names may hold digits, dashes, primes and underscores after the first letter.
let
  a-b = 1;
  a' = 2;
  _ = 3;
  x2-y'z_ = 4;
in
[ a-b a' _ x2-y'z_ ]
