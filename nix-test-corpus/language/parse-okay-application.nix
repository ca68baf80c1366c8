# Application takes several arguments at once; parentheses start a new call.
f: a: b: [ (f a b) ((f a) b) (f (a b)) (f a.b b) (f a.x or b) ]
