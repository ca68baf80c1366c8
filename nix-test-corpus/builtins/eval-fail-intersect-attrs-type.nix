# Both arguments must be sets.
builtins.intersectAttrs { } null
