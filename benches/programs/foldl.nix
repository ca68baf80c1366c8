# A strict fold over a lazily made list.
{ n ? 500000 }:
builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) n)
