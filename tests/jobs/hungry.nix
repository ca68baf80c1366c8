# Jobs that take much memory each; 'glutton' takes more than any limit.
let
  job =
    name: size:
    derivation {
      name = "${name}-${toString (builtins.length (builtins.genList (i: [ i ]) size))}";
      system = "x86_64-linux";
      builder = "/bin/sh";
      depends = builtins.foldl' (sum: x: sum + builtins.head x) 0 (builtins.genList (i: [ i ]) size);
    };
in
builtins.listToAttrs (
  map (name: {
    inherit name;
    value = job name 300000;
  }) [ "a" "b" "c" "d" "e" "f" ]
)
// {
  glutton = job "glutton" 30000000;
}
