# sort with several orders; the empty list too.
[
  (builtins.sort builtins.lessThan [ 3 1 2 ])
  (builtins.sort (a: b: a > b) [ 3 1 2 ])
  (builtins.sort builtins.lessThan [ "b" "B" "a" "" ])
  (builtins.sort builtins.lessThan [ 1.5 1 2 0.5 ])
  (builtins.sort builtins.lessThan [ ])
  (builtins.sort builtins.lessThan [ [ 2 ] [ 1 5 ] [ 1 ] [ ] ])
]
