# appendContext adds references; getContext shows them.
let
  p = "/nix/store/00000000000000000000000000000000-a";
  q = "/nix/store/11111111111111111111111111111111-b.drv";
  s = builtins.appendContext "x" { ${p}.path = true; ${q} = { outputs = [ "out" "dev" ]; allOutputs = true; }; };
in
[ s (builtins.hasContext s) (builtins.getContext s) ]
