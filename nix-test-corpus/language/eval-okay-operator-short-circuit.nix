# && and || do not evaluate the right side when the left decides.
[
  (false && throw "no")
  (true || throw "no")
  (true && false || true)
  (false || true && true)
  (true || true && false)
]
