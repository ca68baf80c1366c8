# concatStringsSep evaluates its parts from left to right.
builtins.concatStringsSep (builtins.trace "separator" ", ") [ (builtins.trace "a" "a") (builtins.trace "b" "b") ]
