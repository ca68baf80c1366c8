# A file is evaluated once, however often it is imported.
[ (import ./data/noisy.nix) (import ./data/noisy.nix) (import ./data/../data/noisy.nix) ]
