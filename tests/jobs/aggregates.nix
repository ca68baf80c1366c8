# Jobs that consist of others.
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
  aggregate =
    name: constituents: more:
    job name (
      {
        _hydraAggregate = true;
        inherit constituents;
      }
      // more
    );
in
{
  all = aggregate "all" [ "some" "tests.b" ] { };
  patterns = aggregate "patterns" [ "tests.*" ] { _hydraGlobConstituents = true; };
  some = aggregate "some" [ (job "direct" { }) "tests.a" ] { };
  tests = {
    recurseForDerivations = true;
    a = job "a" { };
    b = job "b" { };
  };
  unknown = aggregate "unknown" [ "tests.c" ] { };
}
