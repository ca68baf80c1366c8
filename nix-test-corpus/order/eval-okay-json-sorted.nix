# toJSON writes attributes in byte order and evaluates them in that order.
builtins.toJSON { b = builtins.trace "b" 2; a = builtins.trace "a" 1; C = builtins.trace "C" 3; }
