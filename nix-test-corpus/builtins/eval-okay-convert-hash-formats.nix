# One hash in all formats.
let
  hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  to = toHashFormat: builtins.convertHash { inherit hash toHashFormat; hashAlgo = "sha256"; };
in
map to [ "base16" "nix32" "base64" "sri" ]
