# elemAt of a set.
builtins.elemAt { } 0
