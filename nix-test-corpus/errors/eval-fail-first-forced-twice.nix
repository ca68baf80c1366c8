# A failure remembers what it came through first.
let
  bad = throw "once";
  first = builtins.addErrorContext "first" bad;
in
builtins.seq (builtins.tryEval first) (builtins.addErrorContext "second" bad)
