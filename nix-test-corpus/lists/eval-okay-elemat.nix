# elemAt is how a list is indexed, from 0.
let
  xs = [ "a" "b" "c" ];
in
[ (builtins.elemAt xs 0) (builtins.elemAt xs 2) (builtins.elemAt [ xs ] 0) ]
