# Unary minus is a call of __sub with 0; ! is its own node.
a: b: [ (-a) (- -a) (!a) (!!a) (-a + b) (!a == b) (!a ? b) (-a * -b) ]
