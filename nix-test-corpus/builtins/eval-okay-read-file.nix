# readFile gives the bytes of a file.
[ (builtins.readFile ./data/text.txt) (builtins.readFile ./data/empty.txt) (builtins.stringLength (builtins.readFile ./data/latin1.txt)) ]
