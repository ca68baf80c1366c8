# Rounding wants a number.
builtins.ceil "1.5"
