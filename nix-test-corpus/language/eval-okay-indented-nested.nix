# Indented strings nest through interpolation, each with its own indentation.
''
  outer {
    ${''
      inner
        more
    ''}
  }
''
