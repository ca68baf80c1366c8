# Computed names that are new to the program come after all written ones.
let
  name = x: "metal-${x}";
in
builtins.deepSeq {
  ${name "b"} = builtins.trace "metal-b" 1;
  ${name "a"} = builtins.trace "metal-a" 2;
  written = builtins.trace "written" 3;
} "done"
