# Long values are shortened in messages.
builtins.stringLength (builtins.genList (x: x) 100)
