# The program `nivis`, with its manual pages and completions.
{ pkgs ? import <nixpkgs> { } }:

let
  inherit (pkgs) installShellFiles rustPlatform stdenv;

  package = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).workspace.package;

  # The sources alone: what builds and tests leave behind would change the hash.
  isSource = path: type: !builtins.elem (baseNameOf path) [ ".git" "result" "target" ];
in
rustPlatform.buildRustPackage {
  pname = "nivis";
  inherit (package) version;

  src = builtins.path {
    name = "nivis-source";
    path = ./.;
    filter = isSource;
  };

  cargoLock.lockFile = ./Cargo.lock;
  cargoBuildFlags = [ "--package" "nivis-repl" ];

  # The tests compare with a file system and repositories of their own; `.ci/run` runs them.
  doCheck = false;

  nativeBuildInputs = [ installShellFiles ];

  postInstall =
    if stdenv.buildPlatform.canExecute stdenv.hostPlatform then
      ''
        $out/bin/nivis manual man
        installManPage man/*.1
        for shell in bash zsh fish; do
          $out/bin/nivis completions $shell > nivis.$shell
        done
        installShellCompletion --cmd nivis --bash nivis.bash --zsh nivis.zsh --fish nivis.fish
      ''
    else
      "";

  meta = {
    description = "An evaluator for the Nix language: REPL, drop-in for nix-instantiate, and teacher";
    mainProgram = "nivis";
    platforms = pkgs.lib.platforms.unix;
    license = [ pkgs.lib.licenses.mit pkgs.lib.licenses.asl20 ];
  };
}
