# Reading back what was written.
let
  v = { a = [ 1 2.5 "x" null true ]; b = { }; c.d = "\"quoted\""; };
in
builtins.fromJSON (builtins.toJSON v) == v
