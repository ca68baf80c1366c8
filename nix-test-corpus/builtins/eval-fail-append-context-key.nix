# Context keys must be store paths.
builtins.appendContext "x" { "/not/in/the/store".path = true; }
