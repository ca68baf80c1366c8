# A number has no length.
builtins.stringLength 5
