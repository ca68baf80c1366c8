# Negative zero prints its sign and equals zero.
let
  z = 0.0 * -1;
in
[ z (z == 0) (toString z) (-0) ]
