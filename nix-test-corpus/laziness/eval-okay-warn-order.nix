# warn writes its message once and returns the value.
let
  x = builtins.warn "this is old" 1;
in
[ x x (builtins.warn "and this" 2) ]
