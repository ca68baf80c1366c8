# Elements that have no common order.
builtins.sort builtins.lessThan [ 1 "a" ]
