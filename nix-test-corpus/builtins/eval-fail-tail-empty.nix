# tail of the empty list.
builtins.tail (builtins.tail [ 1 ])
