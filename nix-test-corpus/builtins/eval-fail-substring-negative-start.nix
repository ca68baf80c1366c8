# The start must not be negative.
builtins.substring (-1) 3 "hello"
