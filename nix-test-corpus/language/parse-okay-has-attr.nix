# The has-attr operator takes an attribute path.
a: b: [ (a ? x) (a ? x.y) (a ? "x y".z) (a ? ${b}) (a ? "${b}.c") ]
