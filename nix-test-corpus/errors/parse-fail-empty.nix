# A file with nothing but a comment has no expression.
