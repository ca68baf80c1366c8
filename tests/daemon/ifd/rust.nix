# A source that is patched by a build: its folder is listed, its manifest read, and a copy of a part of it is a source again.
let
  inherit (import ./lib.nix) fetched run;
  src = run "patched" { tree = ./rust-project; } "/bin/cp -r $tree $out; /bin/chmod u+w $out; echo > $out/main.rs";
  read = file: builtins.fromTOML (builtins.readFile (src + "/${file}"));
  manifest = (read "Cargo.toml").package;
  crates = builtins.filter (crate: crate ? checksum) (read "Cargo.lock").package;
  vendored = run "vendored" {
    crates = map (crate: fetched "${crate.name}-${crate.version}.crate" crate.checksum) crates;
  } "> $out";
  manifests = builtins.path {
    path = src;
    name = "manifests";
    filter = path: type: builtins.match ".*[.](toml|lock)" path != null;
  };
in
run "${manifest.name}-${manifest.version}" {
  inherit vendored manifests src;
  files = builtins.attrNames (builtins.readDir src);
  hash = builtins.hashFile "sha256" (src + "/Cargo.lock");
} "> $out"
