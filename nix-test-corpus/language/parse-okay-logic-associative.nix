# && and || group to the left, && tighter.
a: b: c: [ (a && b && c) (a || b || c) (a || b && c || a) ]
