# mapAttrs computes a value when it is looked at.
let
  s = builtins.mapAttrs (n: v: builtins.trace "value of ${n}" v) { a = 1; b = throw "b"; };
in
[ (builtins.attrNames s) s.a s.a ]
