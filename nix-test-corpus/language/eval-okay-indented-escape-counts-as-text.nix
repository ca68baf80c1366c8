# An escape at the start of a line ends the indentation, even an escaped tab.
''
    four
  ''\ttwo
    four
''
