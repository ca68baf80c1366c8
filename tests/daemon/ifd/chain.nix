# Each step evaluates what the step before it built.
let
  inherit (import ./lib.nix) run;
  first = run "first.nix" { } "echo '{ name = \"second\"; text = \"1 + 1\"; }' > $out";
  second = run "${(import first).name}.nix" { inherit ((import first)) text; } "echo \"n: n + $text\" > $out";
  third = run "third" { } "echo ${toString (import second 40)} > $out";
in
run "last-${builtins.replaceStrings [ "\n" ] [ "" ] (builtins.readFile third)}" { inherit third; } "> $out"
