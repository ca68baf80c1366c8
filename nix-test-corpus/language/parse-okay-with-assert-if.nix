# with, assert and if reach to the end of the expression.
x: with x; assert x.ok; if x.a then x.b else x.c || x.d
