# Control characters are escaped, other unicode is not.
builtins.toJSON "bell  delete  snow 雪 slash / newline \n"
