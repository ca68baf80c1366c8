# As an argument the word "or" is a variable, by an old accident of the grammar.
let
  or = 5;
  f = x: x + 1;
in
f or
