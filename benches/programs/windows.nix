# A long string and a long list that move on: something is added behind, and as much is taken away in front.
{ n ? 20000 }:
let
  text = builtins.concatStringsSep "" (builtins.genList (i: "a") n);
  list = builtins.genList (i: i) n;
  steps = builtins.genList (i: i) n;
in
builtins.stringLength (builtins.foldl' (text: i: builtins.substring 1 n (text + "x")) text steps)
  + builtins.length (builtins.foldl' (list: i: builtins.tail (list ++ [ i ])) list steps)
