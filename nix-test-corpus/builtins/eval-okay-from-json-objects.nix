# Of equal keys the last one counts; keys may be any string.
builtins.fromJSON ''{"b": 1, "a": {"x y": [true]}, "": 0, "b": 2}''
