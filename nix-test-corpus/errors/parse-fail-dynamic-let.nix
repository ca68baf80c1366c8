# A let cannot have computed names.
let ${"a" + "b"} = 1; in 2
