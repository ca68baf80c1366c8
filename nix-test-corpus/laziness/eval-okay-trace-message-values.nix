# A message that is no string is printed as a value, with unevaluated parts marked.
let
  msg = { a = 1; b = 1 + 1; l = [ 1 (2 + 2) "s" ]; f = x: x; };
in
builtins.trace msg (builtins.trace 42 (builtins.trace null (builtins.trace "text\nwith lines" true)))
