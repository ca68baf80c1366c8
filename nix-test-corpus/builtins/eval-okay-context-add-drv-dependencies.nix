# addDrvOutputDependencies is the inverse of unsafeDiscardOutputDependency.
let
  d = derivation { name = "example"; system = "any"; builder = "/bin/builder"; };
  plain = builtins.unsafeDiscardOutputDependency d.drvPath;
  again = builtins.addDrvOutputDependencies plain;
in
[ (builtins.getContext plain == builtins.getContext d.drvPath) (builtins.getContext again == builtins.getContext d.drvPath) ]
