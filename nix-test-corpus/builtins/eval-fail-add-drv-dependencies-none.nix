# A string without context.
builtins.addDrvOutputDependencies "text"
