# Inside a list, xs.0 is two elements: the list and the number 0.0.
let
  xs = [ 1 2 3 ];
in
builtins.length [ xs.0 xs.1 ]
