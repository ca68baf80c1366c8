# foldl' from the left.
[
  (builtins.foldl' (a: b: a - b) 10 [ 1 2 3 ])
  (builtins.foldl' (a: b: "(${a}${b})") "" [ "x" "y" ])
  (builtins.foldl' (a: b: a) "start" [ ])
  (builtins.foldl' (acc: x: acc // { ${x} = builtins.length (builtins.attrNames acc); }) { } [ "a" "b" "a" ])
]
