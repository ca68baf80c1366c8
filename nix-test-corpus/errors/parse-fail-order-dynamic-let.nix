# A computed name in a let is told when the let is complete.
let ${"a" + "b"} = 1; in 2 )
