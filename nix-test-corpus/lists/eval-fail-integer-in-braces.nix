# An attribute name must be a string: an integer in braces is refused.
let
  xs = [ 1 2 3 ];
  i = 0;
in
xs.${i}
