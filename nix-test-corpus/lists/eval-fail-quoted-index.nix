# Without a default, a quoted index is a selection from something that is no set.
let
  xs = [ 1 2 3 ];
in
xs."0"
