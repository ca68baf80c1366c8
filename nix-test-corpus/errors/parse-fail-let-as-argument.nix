# let as an argument needs parentheses.
toString let x = 1; in x
