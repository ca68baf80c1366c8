# Refers to files beside itself and in the folder above.
[ (import ./answer.nix) (import ../answer.nix) (baseNameOf ./.) ]
