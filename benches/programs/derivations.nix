# Derivations, each an input of the next.
{ n ? 3000 }:
let
  make = previous: i: (derivation {
    name = "step-${toString i}";
    system = "x86_64-linux";
    builder = "/bin/sh";
    args = [ "-c" "echo ${toString i} > $out" ];
    inherit previous;
  }).outPath;
in
builtins.stringLength (builtins.foldl' make "" (builtins.genList (i: i) n))
