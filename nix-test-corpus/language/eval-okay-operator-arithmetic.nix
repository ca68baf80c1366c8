# Multiplication binds tighter than addition; both associate to the left.
[ (1 + 2 * 3) ((1 + 2) * 3) (10 - 3 - 2) (100 / 5 / 2) (2 * 7 / 3) (7 / 2 * 2) ]
