# deepSeq finishes one list element before it starts the next.
builtins.deepSeq [
  (builtins.trace "outer 1" [ (builtins.trace "inner 1" 1) ])
  (builtins.trace "outer 2" [ (builtins.trace "inner 2" 2) ])
] "done"
