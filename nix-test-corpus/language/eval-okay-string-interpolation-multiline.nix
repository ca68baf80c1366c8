# An interpolated expression may spread over lines and hold comments.
"sum: ${
  # the parts
  toString (
    1 /* one */
    + 2
  )
}"
