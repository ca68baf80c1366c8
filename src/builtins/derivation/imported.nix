# What `import` gives for a `.drv` file: the sets that `derivation` gives, as far as the file tells.
computed@{ name, outputs, drvPath, ... }:
let
  every = map outputSet outputs;
  byName = builtins.listToAttrs every;
  common = byName // {
    all = map (output: output.value) every;
    type = "derivation";
    inherit name drvPath;
  };
  outputSet = outputName: {
    name = outputName;
    value = common // {
      outPath = computed.${outputName};
      inherit outputName;
    };
  };
in
(builtins.head every).value
