# "x:x" is a URL string, "x: x" is a function.
[
  (builtins.typeOf x:x)
  (builtins.typeOf (x: x))
]
