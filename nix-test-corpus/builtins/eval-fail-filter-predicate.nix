# The predicate must return a Boolean.
builtins.filter (x: x) [ true 1 ]
