# With ... further arguments are accepted and ignored.
let
  f = { a, ... }: a;
  g = { ... }: "anything";
in
[ (f { a = 1; b = 2; }) (g { }) (g { x = 1; }) ]
