# Each element needs a value.
builtins.listToAttrs [ { name = "a"; value = 1; } { name = "b"; } ]
