# TOML read: a lock file of n packages.
{ n ? 10000 }:
let
  package = i: ''
    [[package]]
    name = "p${toString i}"
    version = "1.0.${toString i}"
    dependencies = [ "a", "b" ]
  '';
in
builtins.length (builtins.fromTOML (builtins.concatStringsSep "" (builtins.genList package n))).package
