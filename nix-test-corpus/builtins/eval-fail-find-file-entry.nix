# A search path entry needs a path.
builtins.findFile [ { prefix = "a"; } ] "a"
