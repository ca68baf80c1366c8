# One inherit clause evaluates its source once.
let
  s = { inherit (builtins.trace "source evaluated" { a = 1; b = 2; }) a b; };
in
[ s.a s.b s.a ]
