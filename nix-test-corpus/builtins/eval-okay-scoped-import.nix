# scopedImport adds names to the scope of the file, before the global ones.
[
  (builtins.scopedImport { given = "from scope"; } ./data/scoped.nix)
  (builtins.scopedImport { given = 1; map = f: l: "my map"; } ./data/scoped.nix)
]
