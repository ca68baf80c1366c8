# Escapes in JSON strings, with surrogate pairs.
builtins.fromJSON ''"\u0041\u00e9\u96ea\ud83d\ude00 \"\\\/\b\n\t"''
