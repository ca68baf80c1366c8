# A function body is evaluated again on each call.
let
  f = x: builtins.trace "called with ${toString x}" x;
in
[ (f 1) (f 1) (f 2) ]
