# A closing parenthesis too many.
(1))
