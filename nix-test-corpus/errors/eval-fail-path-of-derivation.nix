# What is copied must be there.
builtins.path { path = derivation { name = "x"; system = "s"; builder = "b"; }; }
