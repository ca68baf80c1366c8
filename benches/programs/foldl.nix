# A strict fold over a lazily made list.
builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000000)
