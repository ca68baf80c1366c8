# The message of warn must be a string.
builtins.warn 5 "value"
