# Comparisons are calls of __lessThan.
a: b: [ (a < b) (a > b) (a <= b) (a >= b) (a == b) (a != b) ]
