# A derivation's paths carry context: its output, or itself.
let
  d = derivation { name = "example"; system = "any"; builder = "/bin/builder"; };
  kinds = s: builtins.attrValues (builtins.getContext s);
in
[
  (kinds d.outPath)
  (kinds d.drvPath)
  (kinds (builtins.unsafeDiscardOutputDependency d.drvPath))
  (kinds "${d}")
]
