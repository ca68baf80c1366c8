# Positions of attributes that functions made: those of the value, of the formal, of the name.
[
  (builtins.unsafeGetAttrPos "a" (builtins.listToAttrs [ { name = "a"; value = 1; } ])).column
  (builtins.unsafeGetAttrPos "x" (builtins.functionArgs ({ x, y ? 1 }: x))).column
  (builtins.unsafeGetAttrPos "k" { ${"k"} = 1; }).line
]
