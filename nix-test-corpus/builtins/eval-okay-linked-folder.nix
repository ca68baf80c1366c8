# A folder behind a link, then its neighbours: the link must not change where they are.
[
  (import ./data/linked/short/value.nix)
  (builtins.pathExists ./data/linked/short)
  (builtins.attrNames (builtins.readDir ./data/linked))
  (import ./data/linked/real/inner/value.nix)
]
