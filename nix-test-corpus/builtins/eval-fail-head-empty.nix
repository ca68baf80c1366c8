# head of the empty list.
builtins.head (builtins.filter builtins.isString [ 1 2 ])
