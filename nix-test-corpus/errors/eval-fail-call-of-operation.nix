# A call whose function is an operation is part of that: its place is the sign.
(1 - 2) 3
