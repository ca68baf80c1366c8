# A builtin says which of its arguments is of the wrong type.
builtins.substring 0 "1" "text"
