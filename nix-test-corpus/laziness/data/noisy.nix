builtins.trace "noisy.nix is evaluated" "noise"
