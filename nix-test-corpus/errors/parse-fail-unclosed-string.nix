# A string that is not closed.
"text
