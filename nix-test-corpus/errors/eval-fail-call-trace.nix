# The trace names each function on the way to the error.
let
  outer = x: middle (x + 1);
  middle = y: inner { value = y; };
  inner = { value }: throw "inner got ${toString value}";
in
outer 1
