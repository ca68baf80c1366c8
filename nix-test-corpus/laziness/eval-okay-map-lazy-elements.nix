# map does not call its function until an element is needed.
let
  l = map (x: builtins.trace "f ${toString x}" (x * 2)) [ 1 2 3 ];
in
[ (builtins.length l) (builtins.elemAt l 1) (builtins.elemAt l 1) ]
