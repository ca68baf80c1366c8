# Derivations are not written, so their files can not be read.
builtins.readFile (derivation { name = "x"; system = "s"; builder = "b"; }).drvPath
