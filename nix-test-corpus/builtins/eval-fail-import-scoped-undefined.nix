# The scope of scopedImport must provide what the file uses.
builtins.scopedImport { } ./data/scoped.nix
