# A lambda body takes everything up to the closing bracket.
[ (x: x + 1 == 2) (x: y: x // y) (x: let y = x; in y) (x: if x then y: y else z: z) ]
