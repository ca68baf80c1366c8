# deepSeq evaluates everything inside, but not into functions.
[
  (builtins.deepSeq { a.b.c = [ 1 2 ]; f = x: throw "not called"; } "ok")
  (builtins.tryEval (builtins.deepSeq { a.b = [ 1 (throw "deep") ]; } "ok")).success
]
