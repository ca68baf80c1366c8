# A list element is evaluated once, also through ++ and tail.
let
  l = [ (builtins.trace "element" 1) 2 ];
in
[ (builtins.head l) (builtins.head (l ++ [ 3 ])) (builtins.elemAt ([ 0 ] ++ l) 1) ]
