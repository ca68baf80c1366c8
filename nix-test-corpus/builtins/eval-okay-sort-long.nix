# A longer list, in a scrambled order.
let
  n = 500;
  scrambled = builtins.genList (i: let x = i * 7919; in x - (x / n) * n) n;
  sorted = builtins.sort builtins.lessThan scrambled;
in
[ (sorted == builtins.genList (i: i) n) (builtins.elemAt scrambled 1) ]
