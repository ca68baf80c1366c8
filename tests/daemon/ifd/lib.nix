# Derivations that a plain shell builds, and package sets, as small as they can be.
rec {
  system = builtins.currentSystem;

  # An output that a script writes, given its environment. A shell stays to the end: some daemons kill a builder that has closed
  # its output.
  run = name: environment: script:
    derivation ({ inherit name system; builder = "/bin/sh"; args = [ "-eufc" (script + "\n:") ]; } // environment);

  # An output that is a folder with one file, which the script prints.
  runTo = file: name: environment: script:
    run name environment "/bin/mkdir $out; { ${script} } > $out/${file}";

  # A file that only its hash identifies.
  fetched = name: hash: run name { outputHash = hash; outputHashMode = "flat"; outputHashAlgo = "sha256"; } "exit 1";

  # A function, given what it asks for of a set, and what the caller says.
  callWith = scope: function: more:
    let f = if builtins.isFunction function then function else import function;
    in f (builtins.intersectAttrs (builtins.functionArgs f) scope // more);

  # A set that may refer to its own final form, with a function that calls others with it.
  packageSet = members:
    let self = members self // { callPackage = callWith self; };
    in self;
}
