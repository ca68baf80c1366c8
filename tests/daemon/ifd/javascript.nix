# A translator makes a lock file in JSON of a project's own, and the graph in it becomes derivations.
let
  inherit (import ./lib.nix) run runTo;
  translated = runTo "dream-lock.json" "translated" { lock = ./javascript-project/yarn.lock; } ''
    printf '{ "packages": {'
    comma=
    while read -r name version deps; do
      printf '%s "%s": { "version": "%s", "dependencies": "%s" }' "$comma" "$name" "$version" "$deps"
      comma=,
    done < $lock
    printf '} }'
  '';
  lock = builtins.fromJSON (builtins.readFile (translated + "/dream-lock.json"));
  words = text: builtins.filter (word: builtins.isString word && word != "") (builtins.split " " text);
  packages = builtins.mapAttrs (name: locked: run "${name}-${locked.version}" {
    dependencies = map (name: packages.${name}) (words locked.dependencies);
  } "> $out") lock.packages;
in
packages
