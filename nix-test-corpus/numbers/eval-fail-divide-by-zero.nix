# Division of integers by zero.
1 / 0
