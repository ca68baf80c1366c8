# ''$ and ''' and ''\ are the escapes of indented strings.
let
  x = "X";
in
''
  dollar ''${x} and $''${x} and $${x} and ${x}
  quotes ''' and '
  newline ''\n tab ''\t backslash ''\\ other ''\q
  plain \n \t \\
''
