# A scheme, a colon and more characters make a string without quotes.
[
  https://example.org/a/b?c=d&e
  mailto:somebody@example.org
  x:y
]
