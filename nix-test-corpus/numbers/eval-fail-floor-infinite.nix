# An infinite float has no floor.
builtins.floor (1.0e200 * 1.0e200)
