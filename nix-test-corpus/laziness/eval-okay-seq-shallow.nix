# seq evaluates its first argument to the outermost constructor only.
[
  (builtins.seq { a = throw "inside"; } 1)
  (builtins.seq [ (throw "inside") ] 2)
  (builtins.tryEval (builtins.seq (throw "itself") 3)).success
]
