# A let binding is evaluated once, however often it is used.
let
  x = builtins.trace "evaluated" 21;
in
[ (x + x) x x ]
