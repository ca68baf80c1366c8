# Indented strings lose their indentation while parsing.
x: [
  ''
    one
      two ${x}
  ''
  ''${x}''
  ''   ''
  ''a''${b}'''c''
]
