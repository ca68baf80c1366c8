# Nor looked for.
builtins.pathExists (derivation { name = "x"; system = "s"; builder = "b"; }).drvPath
