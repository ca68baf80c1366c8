# Each element needs a name.
builtins.listToAttrs [ { value = 1; } ]
