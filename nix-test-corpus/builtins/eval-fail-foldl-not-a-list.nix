# foldl' of a string.
builtins.foldl' (a: b: a) 0 "text"
