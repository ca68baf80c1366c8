# There is no counting from the end.
builtins.elemAt [ 1 2 3 ] (-1)
