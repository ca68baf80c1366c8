# Lists that occur twice, and empty lists.
let
  l = [ 1 2 ];
  e = [ ];
in
[ l l [ 1 2 ] e e ]
