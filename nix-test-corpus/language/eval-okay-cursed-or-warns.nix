# An "or" belongs to the word before it, which draws a warning in a longer application.
let
  or = [ 1 2 ];
in
map (x: x * 2) or
