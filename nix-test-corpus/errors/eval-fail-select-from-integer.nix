# Selecting from a value that is no set.
let
  n = 5;
in
n.value
