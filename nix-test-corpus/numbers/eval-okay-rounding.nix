# floor and ceil give integers.
[
  (map builtins.floor [ 1.5 (-1.5) 2.0 0.0 3 ])
  (map builtins.ceil [ 1.5 (-1.5) 2.0 0.1 3 ])
  (builtins.typeOf (builtins.floor 1.0e10))
]
