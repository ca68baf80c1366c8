{
  description = "An evaluator for the Nix language: exact, fast and embeddable";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forSystems = make: nixpkgs.lib.genAttrs systems (system: make system nixpkgs.legacyPackages.${system});
    in
    {
      packages = forSystems (_: pkgs: { default = import ./default.nix { inherit pkgs; }; });

      apps = forSystems (
        system: _: {
          default = {
            type = "app";
            program = "${self.packages.${system}.default}/bin/nivis";
            meta.description = "The REPL; with arguments, the evaluator";
          };
        }
      );

      # What `.ci/run` needs.
      devShells = forSystems (
        _: pkgs: {
          default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.clippy pkgs.git pkgs.rustc pkgs.rustfmt ]; };
        }
      );
    };
}
