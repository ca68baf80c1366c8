# ++, // and -> group to the right.
a: b: c: [ (a ++ b ++ c) (a // b // c) (a -> b -> c) ]
