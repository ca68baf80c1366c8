# Jobs that have no value, among some that have.
let
  job =
    name: more:
    derivation (
      {
        inherit name;
        system = "x86_64-linux";
        builder = "/bin/sh";
      }
      // more
    );
in
{
  a = job "a" { };
  forever =
    let
      deeper = x: 1 + deeper x;
    in
    deeper 1;
  itself = let x = x; in x;
  nameless = {
    type = "derivation";
  };
  outputs = job "outputs" { } // {
    outputs = [ "out" ];
    out.outPath = "/tmp/x";
  };
  refused = throw "not today";
  undecided.recurseForDerivations = 1;
  undecided.job = job "undecided" { };
  z = job "z" { };
}
