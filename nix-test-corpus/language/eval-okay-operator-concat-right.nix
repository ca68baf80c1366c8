# ++ associates to the right and binds tighter than arithmetic and comparison.
[ 1 ] ++ [ 2 ] ++ (map (x: x * 2) ([ 3 ] ++ [ 4 ])) ++ [ ] ++ [ ([ 1 ] ++ [ 2 ] == [ 1 2 ]) ]
