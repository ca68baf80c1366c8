# A file that is not there.
builtins.readFile ./data/no-such-file
