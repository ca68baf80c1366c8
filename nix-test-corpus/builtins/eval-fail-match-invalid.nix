# A regular expression with an unclosed group.
builtins.match "(a" "a"
