# Whether there is a file in a derivation shows after building only.
builtins.pathExists "${derivation { name = "x"; system = "s"; builder = "b"; }}/a"
