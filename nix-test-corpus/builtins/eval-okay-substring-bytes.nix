# substring cuts bytes; put together again they are the same text.
let
  s = "é雪";
  byte = i: builtins.substring i 1 s;
in
[ (builtins.concatStringsSep "" (builtins.genList byte 5) == s) (builtins.stringLength (byte 0)) (builtins.substring 2 3 s) ]
