# The spaces before the closing quotes are dropped, the newline is kept.
[
  ''
    text
  ''
  ''
    text''
  ''
    text
            ''
]
