# A folder that is not there.
builtins.readDir ./data/no-such-folder
