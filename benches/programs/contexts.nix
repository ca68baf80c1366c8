# A string that refers to many derivations, taken apart and put together again a few times.
{ n ? 2000 }:
let
  path = i: (derivation { name = "d${toString i}"; system = "x"; builder = "b"; }).outPath;
  text = builtins.concatStringsSep " " (builtins.genList path n);
  part = i: builtins.substring (i * n) 9 text;
  again = builtins.concatStringsSep "" (builtins.genList part 20);
in
builtins.length (builtins.attrNames (builtins.getContext again))
