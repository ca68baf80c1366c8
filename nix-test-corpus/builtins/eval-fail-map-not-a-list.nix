# map of a set.
map (x: x) { a = 1; }
