# The two lists must be equally long.
builtins.replaceStrings [ "a" "b" ] [ "c" ] "text"
