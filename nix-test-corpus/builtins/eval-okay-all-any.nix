# all and any on empty and small lists.
let
  inherit (builtins) all any;
  pos = x: x > 0;
in
[ (all pos [ ]) (any pos [ ]) (all pos [ 1 2 ]) (all pos [ 1 0 ]) (any pos [ 0 1 ]) (any pos [ 0 (-1) ]) ]
