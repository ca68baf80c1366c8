# A block comment that is not closed is read as operators.
1 + /* text
