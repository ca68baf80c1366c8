# readDir tells the kind of each entry.
[ (builtins.readDir ./data/dir) (builtins.readDir (toString ./data/dir + "/inner")) ]
