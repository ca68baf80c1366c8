# The innermost parameter of a name wins.
(x: (x: x + 1) (x * 10)) 2
