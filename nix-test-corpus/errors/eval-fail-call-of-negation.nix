# The same with two levels of parentheses, and a negation.
((-2)) 3 4
