# Interpolated strings are concatenations; constant parts stay strings.
x: [ "plain" "a${x}b" "${x}" "${"const"}" "\n\t\"\\\${" "$x $$" "a${"b${x}"}c" ]
