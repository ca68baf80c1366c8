# toPath normalises an absolute path given as a string.
[ (builtins.toPath "/a/b/../c") (builtins.toPath "/") (builtins.toPath "/x//y/.") ]
