# A string that `concatStringsSep` makes longer again and again.
{ n ? 20000 }:
let
  joined = builtins.foldl' (text: i: builtins.concatStringsSep "," [ text (toString i) ]) "" (builtins.genList (i: i) n);
in
builtins.stringLength joined
