# A message of several lines.
throw ''
  first line
    second line
''
