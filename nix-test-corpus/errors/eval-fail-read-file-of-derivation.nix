# A file of a derivation can be read after building only.
builtins.readFile "${derivation { name = "x"; system = "s"; builder = "b"; }}/a"
