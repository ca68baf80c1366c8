# A failed value fails again the same way, without being evaluated again.
let
  x = builtins.trace "evaluating x" (throw "failure");
in
[ (builtins.tryEval x).success (builtins.tryEval x).success (builtins.tryEval [ x ]).success ]
