# The operator is required.
builtins.genericClosure { startSet = [ { key = "root"; } ]; step = x: [ ]; }
