# Operands of + and == are evaluated from left to right.
[
  (builtins.trace "left" 1 + builtins.trace "right" 2)
  (builtins.trace "l" 1 == builtins.trace "r" 1)
]
