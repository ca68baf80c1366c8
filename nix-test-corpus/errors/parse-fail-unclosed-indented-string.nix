# An indented string that is not closed.
''
  text
