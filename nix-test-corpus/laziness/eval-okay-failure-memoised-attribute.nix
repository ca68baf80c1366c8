# A failed attribute is remembered in the set.
let
  s = { a = builtins.trace "once" (assert false; 1); };
  t = builtins.tryEval s.a;
in
[ t.success (builtins.tryEval (s // { }).a).success ]
