# The common indentation of all lines is removed.
''
  one
    two
  three
''
