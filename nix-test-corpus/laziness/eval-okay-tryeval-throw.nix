# tryEval catches throw and failed assertions.
[
  (builtins.tryEval (throw "caught"))
  (builtins.tryEval (assert false; 1))
  (builtins.tryEval (assert 1 == 2; 1))
  (builtins.tryEval "fine")
]
