# A default of a formal is evaluated at most once per call.
let
  f = { a ? builtins.trace "default" 1 }: a + a;
in
[ (f { }) (f { a = 5; }) (f { }) ]
