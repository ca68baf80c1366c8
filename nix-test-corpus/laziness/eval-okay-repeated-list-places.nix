# A list is repeated where the place that holds it is met again, however it came from there and however much is around.
let
  xs = [ 1 2 ];
  s = { a = xs; };
  n1 = 1; n2 = 2; n3 = 3; n4 = 4; n5 = 5; n6 = 6; n7 = 7; n8 = 8; n9 = 9; n10 = 10;
  few = if n1 == 1 then xs else [ n1 ];
  many = if n1 == 1 then xs else [ n1 n2 n3 n4 n5 n6 n7 n8 n9 n10 ];
  pass = list: if n1 == 1 then list else [ n1 n2 n3 n4 n5 n6 n7 n8 n9 n10 ];
  parts = builtins.partition (x: true) xs;
  json = builtins.fromJSON "[[1],[2]]";
  folded = builtins.foldl' (list: x: if list == [ ] then xs else [ list xs ]) [ ] [ 1 2 ];
  kept = builtins.foldl' (list: x: list) xs [ 1 2 3 ];
  twice = v: [ v v xs ];
  lists = [ xs s.a s.a ];
  grown = builtins.foldl' (list: i: list ++ [ i ]) [ ] (builtins.genList (i: i) 100);
in
[
  [ xs few few many many xs ]
  [ (pass xs) (pass many) ]
  (twice xs)
  (twice s.a)
  (twice (pass xs))
  [ s s.a s.a ]
  [ parts.right parts parts.right ]
  [ json (builtins.head json) (builtins.head json) ]
  folded
  [ kept xs ]
  [ (builtins.concatLists [ xs [ ] ]) (builtins.sort (a: b: true) xs) (map (x: x) [ xs ]) ]
  (map (x: x) [ xs xs ])
  (builtins.filter (x: true) [ xs xs ])
  (builtins.concatMap (x: [ x x ]) [ xs ])
  (builtins.attrValues s)
  (builtins.catAttrs "a" [ s s ])
  (builtins.seq (builtins.concatLists lists) lists)
  [ (builtins.length grown) (builtins.elemAt grown 99) (builtins.length (builtins.tail grown)) ]
]
