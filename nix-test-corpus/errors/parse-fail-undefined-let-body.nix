# `body` is an old symbol, and so is bound first.
let { aa = missing1; body = missing2; }
