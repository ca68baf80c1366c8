# readFileType of a file and a folder.
[ (builtins.readFileType ./data/text.txt) (builtins.readFileType ./data/dir) (builtins.readFileType (toString ./data)) ]
