# A list cannot have a negative length.
builtins.genList (x: x) (-1)
