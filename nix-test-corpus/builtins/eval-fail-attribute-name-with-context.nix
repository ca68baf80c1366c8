# A string that refers to a store path cannot name an attribute.
{ ${builtins.appendContext "name" { "/nix/store/00000000000000000000000000000000-a".path = true; }} = 1; }
