# The derivation is named, whichever output is read.
builtins.readDir (derivation { name = "x"; system = "s"; builder = "b"; outputs = [ "out" "dev" ]; }).dev
