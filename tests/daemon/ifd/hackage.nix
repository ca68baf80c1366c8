# Packages of an index: one build takes a package's files out of it, another makes an expression of these.
let
  inherit (import ./lib.nix) fetched packageSet run runTo;

  # The index, as an output: programs know only its path.
  index = run "all-cabal-hashes" { tree = ./hackage; } "/bin/cp -r $tree $out";

  component = name: version:
    run "all-cabal-hashes-component-${name}-${version}" { inherit index; } "/bin/cp -r $index/${name}/${version} $out";

  toNix = name: version: runTo "default.nix" "cabal2nix-${name}-${version}" { src = component name version; } ''
    deps=; inputs="mkDerivation, fetchurl"
    while read -r key value; do
      case $key in build-depends:) deps="$deps $value"; inputs="$inputs, $value" ;; esac
    done < $src/${name}.cabal
    read -r kind hash < $src/${name}.hash
    echo "{ $inputs }: mkDerivation {"
    echo "  pname = \"${name}\"; version = \"${version}\"; src = fetchurl \"${name}-${version}.tar.gz\" \"$hash\";"
    echo "  libraryHaskellDepends = [$deps ];"
    echo "}"
  '';

  haskellPackages = packageSet (self: {
    mkDerivation = { pname, version, src, libraryHaskellDepends ? [ ] }:
      run "${pname}-${version}" { inherit pname version src libraryHaskellDepends; } "> $out";
    fetchurl = fetched;
    base = null;
    pretty = self.callHackage "pretty" "1.2" { };
    callHackage = name: version: self.callPackage (toNix name version);
  });
in
{
  pretty = haskellPackages.pretty;
  # Its dependency comes from the index too.
  words = haskellPackages.callHackage "words" "0.3" { };
}
