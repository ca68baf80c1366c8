# What counts is the first occurrence of a name anywhere in the file, as variable or attribute.
let
  zinc = 1;
  unused = { iron = 2; }.iron;
in
builtins.deepSeq {
  copper = builtins.trace "copper" 3;
  iron = builtins.trace "iron" 2;
  zinc = builtins.trace "zinc" zinc;
} "done"
