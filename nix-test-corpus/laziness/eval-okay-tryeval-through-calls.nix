# A throw is caught through any number of calls.
let
  deep = n: if n == 0 then throw "bottom" else 1 + deep (n - 1);
in
builtins.tryEval (deep 50)
