# Keywords cannot be bound.
let then = 1; in 2
