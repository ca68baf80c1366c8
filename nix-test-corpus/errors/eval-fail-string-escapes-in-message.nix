# Strings in messages are escaped.
builtins.length "line\nbreak \"quoted\" \${x}"
