# Text on the first line takes part in computing the indentation.
[
  ''zero
      four
    two''
  ''  two
      six
    four''
]
