# A backslash before any other character stands for that character.
[ "\a\b\c" "\x41" "\ " "\'" ]
