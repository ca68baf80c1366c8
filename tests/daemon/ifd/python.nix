# A project whose files come out of a build: they are read as TOML, and each locked package becomes a derivation.
let
  inherit (import ./lib.nix) fetched run;
  src = run "python-project" { tree = ./python-project; } "/bin/cp -r $tree $out";
  read = file: builtins.fromTOML (builtins.readFile "${src}/${file}");
  project = (read "pyproject.toml").tool.poetry;
  package = { name, version, sha256 }: {
    inherit name;
    value = run "${name}-${version}" { src = fetched "${name}-${version}.whl" sha256; } "> $out";
  };
  packages = builtins.listToAttrs (map package (read "poetry.lock").package);
in
run "${project.name}-${project.version}" {
  inherit src;
  propagated = builtins.attrValues packages;
  direct = map (name: packages.${name}) (builtins.attrNames project.dependencies);
} "> $out"
