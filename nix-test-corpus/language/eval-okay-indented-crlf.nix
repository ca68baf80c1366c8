# In indented strings the carriage returns of the source stay.
builtins.replaceStrings [ "\r" ] [ "<CR>" ] ''
  one
    two
''
