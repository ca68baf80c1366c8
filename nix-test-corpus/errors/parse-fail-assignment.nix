# = is no operator.
a = 1
