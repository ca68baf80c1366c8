# Blank lines, even with fewer spaces, do not lower the indentation.
''

    one

  
    two
      
    three

''
