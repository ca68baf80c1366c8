# scopedImport evaluates the file again each time.
[ (builtins.scopedImport { } ./data/noisy.nix) (builtins.scopedImport { } ./data/noisy.nix) ]
