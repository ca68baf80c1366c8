# Nor a set inside a list.
toString [ 1 { a = 2; } ]
