# A line that starts with an interpolation ends its indentation there.
let
  x = "X";
in
''
      six
    ${x} four
        eight
''
