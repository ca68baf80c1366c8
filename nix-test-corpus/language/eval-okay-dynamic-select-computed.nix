# Selection with interpolated parts of names.
let
  pkgs = { tool_1 = "one"; tool_2 = "two"; };
in
map (n: pkgs."tool_${toString n}") [ 2 1 ]
