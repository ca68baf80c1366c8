# A search path may not lead into what has yet to be built.
builtins.findFile [ { path = derivation { name = "x"; system = "s"; builder = "b"; }; } ] "a"
