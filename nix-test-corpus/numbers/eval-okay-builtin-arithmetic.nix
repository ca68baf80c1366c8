# The builtins behind the operators.
[
  (builtins.add 1 2)
  (builtins.sub 5 7)
  (builtins.mul 6 7)
  (builtins.div 43 7)
  (builtins.add 1 0.5)
  (builtins.mul 2 0.25)
  (builtins.lessThan 1 2)
]
