# The parts must be strings.
builtins.concatStringsSep ", " [ "a" 1 ]
