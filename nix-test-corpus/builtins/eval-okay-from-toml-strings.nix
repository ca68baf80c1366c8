# Multi-line strings and unicode escapes.
builtins.fromTOML "a = \"\"\"\nline one\nline \\\n   two\"\"\"\nb = '''\nraw \\n'''\nc = \"\\u00e9\\U0001F600\"\n\"quoted key\" = ''"
