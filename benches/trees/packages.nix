# The derivations of n packages from all over the alphabet, one after the other. Nothing is read of a package that
# fails. Those of Haskell fail: their list is a file of several megabytes, which not every tree has.
{ n ? 1000 }:
let
  without = final: prev: { haskell = throw "no Haskell"; haskellPackages = throw "no Haskell"; };
  packages = import <nixpkgs> { config.allowAliases = false; overlays = [ without ]; };
  names = builtins.attrNames packages;
  step = builtins.length names / n;
  path = index: (builtins.tryEval (packages.${builtins.elemAt names (index * step)}.drvPath or "")).value;
in
builtins.foldl' (sum: index: sum + (if path index == false then 0 else 1)) 0 (builtins.genList (index: index) n)
