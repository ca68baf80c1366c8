# The escapes for newline, return, tab, quote, backslash and dollar.
[ "a\nb" "a\rb" "a\tb" "a\"b" "a\\b" "\${x}" ]
