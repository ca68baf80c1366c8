# intersectAttrs takes the names of both and the values of the second.
[
  (builtins.intersectAttrs { a = 1; b = 2; } { b = "second b"; c = 3; })
  (builtins.intersectAttrs { } { a = 1; })
  (builtins.intersectAttrs (builtins.functionArgs ({ x, y ? 2 }: x)) { x = 10; z = 0; })
]
