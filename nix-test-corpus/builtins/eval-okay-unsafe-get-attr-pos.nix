# Where an attribute was defined.
let
  s = {
    a = 1;
      b.c = 2;
    inherit (s.b) c;
  };
in
[
  (builtins.unsafeGetAttrPos "a" s)
  (builtins.unsafeGetAttrPos "c" s).column
  (builtins.unsafeGetAttrPos "c" s.b).line
  (builtins.unsafeGetAttrPos "missing" s)
  (builtins.unsafeGetAttrPos "a" (s // { z = 1; })).line
]
