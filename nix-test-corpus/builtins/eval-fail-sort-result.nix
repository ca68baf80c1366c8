# The comparison must return a Boolean.
builtins.sort (a: b: 1) [ 1 2 ]
