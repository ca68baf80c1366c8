# A lambda as operand needs parentheses.
1 + x: x
