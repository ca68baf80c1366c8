# The function `derivation`: a set per output, each with the paths that `derivationStrict` computes when they are asked
# for, and with all outputs by name.
drvAttrs@{ outputs ? [ "out" ], ... }:
let
  computed = derivationStrict drvAttrs;
  every = map outputSet outputs;
  byName = builtins.listToAttrs every;
  common = drvAttrs // byName // {
    all = map (output: output.value) every;
    inherit drvAttrs;
  };
  outputSet = outputName: {
    name = outputName;
    value = common // {
      outPath = computed.${outputName};
      inherit (computed) drvPath;
      type = "derivation";
      inherit outputName;
    };
  };
in
(builtins.head every).value
