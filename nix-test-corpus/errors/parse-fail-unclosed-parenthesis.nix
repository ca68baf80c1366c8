# A parenthesis that is not closed.
(1 + 2
