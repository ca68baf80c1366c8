# deepSeq visits a shared value once.
let
  x = builtins.trace "x" { y = builtins.trace "y" 1; };
in
builtins.deepSeq [ x x { z = x; } ] "done"
