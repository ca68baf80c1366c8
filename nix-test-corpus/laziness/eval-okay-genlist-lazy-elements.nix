# genList makes elements on demand.
let
  l = builtins.genList (i: if i == 3 then throw "third" else i) 1000;
in
[ (builtins.length l) (builtins.elemAt l 999) ]
