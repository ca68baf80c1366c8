# elem uses ==.
[ (builtins.elem 2 [ 1 2 ]) (builtins.elem 2.0 [ 1 2 ]) (builtins.elem [ ] [ [ ] ]) (builtins.elem { } [ ]) (builtins.elem "1" [ 1 ]) ]
