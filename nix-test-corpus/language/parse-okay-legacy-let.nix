# The old let { } form is a selection from a rec set.
let { a = 1; body = a; }
