# A package whose Nix expression a build makes of its description, and calls with a set of packages.
let
  inherit (import ./lib.nix) packageSet run runTo;

  # The expression of a package, as a folder with default.nix.
  sourceToNix = name: src: runTo "default.nix" "cabal2nix-${name}" { inherit src; } ''
    deps=; tests=; inputs=mkDerivation
    while read -r key value; do
      case $key in
      name:) name=$value ;;
      version:) version=$value ;;
      build-depends:) deps="$deps $value"; inputs="$inputs, $value" ;;
      test-depends:) tests="$tests $value"; inputs="$inputs, $value" ;;
      esac
    done < $src/${name}.cabal
    echo "{ $inputs }: mkDerivation {"
    echo "  pname = \"$name\"; version = \"$version\"; src = $src;"
    echo "  libraryHaskellDepends = [$deps ]; testHaskellDepends = [$tests ];"
    echo "}"
  '';

  haskellPackages = packageSet (self: {
    mkDerivation = { pname, version, src, libraryHaskellDepends ? [ ], testHaskellDepends ? [ ] }:
      run "${pname}-${version}" { inherit pname version src libraryHaskellDepends testHaskellDepends; } "> $out";
    base = null;
    pretty = self.mkDerivation { pname = "pretty"; version = "1"; src = ./hackage/pretty/1.2; };
    words = self.mkDerivation { pname = "words"; version = "2"; src = ./hackage/words/0.3; };
    callCabal2nix = name: src: self.callPackage (sourceToNix name src);
  });
in
{
  plain = haskellPackages.callCabal2nix "example" ./cabal-package { };
  changed = haskellPackages.callCabal2nix "example" ./cabal-package { words = null; };
}
