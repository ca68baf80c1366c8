# a -> b is !a || b; it associates to the right and skips b when a is false.
[
  (true -> true)
  (true -> false)
  (false -> throw "skipped")
  (false -> false -> false)
  ((false -> false) -> false)
]
