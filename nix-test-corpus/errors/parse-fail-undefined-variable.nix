# Names are resolved while parsing.
let
  f = x: x + offset;
in
f 1
