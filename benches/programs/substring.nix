# A string taken apart byte by byte.
{ n ? 200000 }:
let
  text = builtins.concatStringsSep "" (builtins.genList (i: "0123456789") (n / 10));
  byte = i: builtins.substring i 1 text;
in
builtins.length (builtins.filter (i: byte i == "7") (builtins.genList (i: i) n))
