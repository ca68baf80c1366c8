# A practical use: words and lines.
let
  words = s: builtins.filter (w: builtins.isString w && w != "") (builtins.split "[ \n]+" s);
in
words " one two\nthree  four\n"
