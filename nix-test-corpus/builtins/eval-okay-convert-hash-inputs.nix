# The input may name its algorithm as a prefix or as SRI.
let
  base16 = h: builtins.convertHash { hash = h; toHashFormat = "base16"; };
in
[
  (base16 "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  (base16 "sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  (base16 "md5:900150983cd24fb0d6963f7d28e17f72")
  (builtins.convertHash { hash = "a9993e364706816aba3e25717850c26c9cd0d89d"; hashAlgo = "sha1"; toHashFormat = "nix32"; })
]
