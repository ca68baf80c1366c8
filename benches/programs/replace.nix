# Replacing in one long string.
{ n ? 200000 }:
let
  text = builtins.concatStringsSep "," (builtins.genList (i: "some word") n);
in
builtins.stringLength (builtins.replaceStrings [ "word" "," ] [ "w" ";\n" ] text)
