# A repetition with nothing to repeat.
builtins.split "*" "a"
