# A string that refers to many derivations, taken apart and put together again.
{ n ? 2000 }:
let
  path = i: (derivation { name = "d${toString i}"; system = "x"; builder = "b"; }).outPath;
  text = builtins.concatStringsSep " " (builtins.genList path n);
  part = i: builtins.substring i 1 text;
  again = builtins.concatStringsSep "" (builtins.genList part (builtins.stringLength text));
in
builtins.length (builtins.attrNames (builtins.getContext again))
