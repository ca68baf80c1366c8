# map is lazy: the error appears where the element is used.
builtins.elemAt (map (x: throw "element ${toString x}") [ 1 2 ]) 1
