# Of a // b the right side is evaluated first.
builtins.attrNames (builtins.trace "left" { a = 1; } // builtins.trace "right" { b = 2; })
