# A string that refers to a store path cannot be appended to a path.
/base + builtins.appendContext "/x" { "/nix/store/00000000000000000000000000000000-a".path = true; }
