# Many jobs, each of which takes a moment.
builtins.listToAttrs (
  builtins.genList (i: {
    name = "job${toString i}";
    value = derivation {
      name = "job";
      system = "x86_64-linux";
      builder = "/bin/sh";
      number = i + builtins.foldl' builtins.add 0 (builtins.genList (x: x) 20000);
    };
  }) 400
)
