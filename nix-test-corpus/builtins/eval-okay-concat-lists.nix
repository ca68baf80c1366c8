# concatLists and concatMap.
[
  (builtins.concatLists [ ])
  (builtins.concatLists [ [ ] [ 1 ] [ ] [ 2 [ 3 ] ] ])
  (builtins.concatMap (x: if x > 1 then [ x x ] else [ ]) [ 1 2 3 ])
  (builtins.concatMap (x: x) [ ])
]
