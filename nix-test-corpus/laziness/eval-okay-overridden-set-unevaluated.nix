# What could be overridden is delayed, even a constant; what was inherited from around the set is not.
let
  x = 5;
  set = rec {
    a = 1;
    inherit x;
    __overrides = { b = a; };
  };
in
builtins.seq set (builtins.trace set "traced")
