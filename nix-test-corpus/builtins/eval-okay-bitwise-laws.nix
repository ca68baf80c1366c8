# Laws of the bit operations on sample values.
let
  inherit (builtins) bitAnd bitOr bitXor all;
  samples = [ 0 1 7 255 (-1) (-256) 9223372036854775807 ];
in
{
  xorIsOrMinusAnd = all (a: all (b: bitXor a b == bitOr a b - bitAnd a b) [ 0 1 7 255 ]) [ 0 1 7 255 ];
  andIdempotent = all (a: bitAnd a a == a) samples;
  xorSelf = all (a: bitXor a a == 0) samples;
}
