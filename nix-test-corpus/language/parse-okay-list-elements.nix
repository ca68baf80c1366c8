# Elements of a list are shown one by one in parentheses.
f: x: [ f x (f x) f.x x.y or f 1 ]
