# stringLength counts bytes.
map builtins.stringLength [ "" "abc" "é" "雪" "a\nb" "\${x}" ]
