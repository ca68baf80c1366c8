# An empty let is allowed.
let in "body"
