# Division needs spaces: 6/2 is a relative path.
[
  (builtins.typeOf (6 / 2))
  (builtins.typeOf 6/2)
  (6 / 2)
  (builtins.typeOf (6 / 2 / 1))
]
