# A file that holds a zero byte cannot be a string.
builtins.readFile ./data/zero.bin
