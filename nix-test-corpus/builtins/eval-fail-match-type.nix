# The subject must be a string.
builtins.match "a" 5
