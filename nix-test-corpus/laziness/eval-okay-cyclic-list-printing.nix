# A list that contains itself is printed with a mark where it repeats.
let
  l = [ 1 l 2 ];
in
l
