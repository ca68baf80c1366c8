# tryEval looks only at the outermost value: what is inside may still fail later.
let
  r = builtins.tryEval { a = throw "inside"; b = 1; };
in
[ r.success r.value.b (builtins.tryEval r.value.a).success ]
