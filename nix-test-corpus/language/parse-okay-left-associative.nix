# + - * / group to the left.
a: b: c: [ (a - b - c) (a + b - c) (a / b * c) ]
