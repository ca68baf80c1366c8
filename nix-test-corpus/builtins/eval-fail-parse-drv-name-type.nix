# A name is a string.
builtins.parseDrvName 5
