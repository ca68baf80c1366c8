# Hashes of one long string.
{ n ? 200000 }:
let
  text = builtins.concatStringsSep "" (builtins.genList (i: "0123456789") n);
in
builtins.substring 0 8 (builtins.hashString "sha256" text)
