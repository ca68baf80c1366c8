# Comparison is weaker than arithmetic and //; && is weaker still.
[
  (1 + 1 < 3 && 2 * 2 == 4)
  ({ a = 1; } // { b = 2; } == { b = 2; a = 1; })
  (1 < 2 == true)
]
