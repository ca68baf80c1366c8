# let needs in.
let a = 1; a
