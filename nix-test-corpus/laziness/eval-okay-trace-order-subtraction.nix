# The operands of - * / and < are forced in their written order; those of > are swapped.
[
  (builtins.trace "a" 5 - builtins.trace "b" 2)
  (builtins.trace "c" 5 * builtins.trace "d" 2)
  (builtins.trace "e" 6 / builtins.trace "f" 2)
  (builtins.trace "g" 6 < builtins.trace "h" 2)
  (builtins.trace "i" 6 > builtins.trace "j" 2)
]
