# Everyday list functions made of genList and elemAt.
let
  reverse = l: let n = builtins.length l; in builtins.genList (i: builtins.elemAt l (n - i - 1)) n;
  zip = a: b: builtins.genList (i: [ (builtins.elemAt a i) (builtins.elemAt b i) ]) (builtins.length a);
in
[ (reverse [ 1 2 3 ]) (reverse [ ]) (zip [ 1 2 ] [ "a" "b" ]) ]
