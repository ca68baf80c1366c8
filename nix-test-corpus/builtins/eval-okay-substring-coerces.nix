# substring and stringLength accept values that have a string form.
let
  v = { __toString = _: "coerced"; };
in
[ (builtins.substring 0 2 v) (builtins.stringLength v) ]
