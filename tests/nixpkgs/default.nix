# A stand-in for nixpkgs: as much as the project's own flake.nix and default.nix need.
{ system ? builtins.currentSystem }:

let
  package =
    name: args:
    derivation (
      {
        inherit name system;
        builder = "/bin/sh";
        args = [ "-c" "exit 1" ];
      }
      // args
    );

  tool = name: package name { };
in
{
  lib = import ./lib.nix;

  stdenv = {
    buildPlatform.canExecute = platform: platform.system == system;
    hostPlatform = { inherit system; };
  };

  # Only the arguments that it knows: a misspelt one is an error.
  rustPlatform.buildRustPackage =
    {
      pname,
      version,
      src,
      cargoLock,
      cargoBuildFlags ? [ ],
      doCheck ? true,
      nativeBuildInputs ? [ ],
      postInstall ? "",
      meta,
    }:
    package "${pname}-${version}" {
      inherit src cargoBuildFlags doCheck nativeBuildInputs postInstall;
      crates = map (crate: crate.checksum or crate.name) (
        builtins.fromTOML (builtins.readFile cargoLock.lockFile)
      ).package;
    }
    // {
      inherit meta pname version;
    };

  mkShell = { packages }: package "shell" { inherit packages; };
}
// builtins.listToAttrs (
  map (name: {
    inherit name;
    value = tool name;
  }) [ "cargo" "clippy" "git" "installShellFiles" "rustc" "rustfmt" ]
)
