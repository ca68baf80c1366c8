# Integers are 64 bits wide; the smallest cannot be written as a literal.
let
  max = 9223372036854775807;
  min = -max - 1;
in
[ max min (min + max) (max - 1 + 1) (min / 2) (-(min + 1) == max) ]
