# Jobs of several kinds.
{
  system ? "x86_64-linux",
}:
let
  job =
    name: more:
    derivation (
      {
        inherit name system;
        builder = "/bin/sh";
      }
      // more
    );
  tool = job "tool" { };
in
{
  "0" = job "number" { };
  "with.dot" = job "dotted" { };
  hello = job "hello" {
    outputs = [
      "out"
      "dev"
    ];
    inherit tool;
    requiredSystemFeatures = [
      "kvm"
      "big-parallel"
    ];
  };
  structured = job "structured" {
    __structuredAttrs = true;
    requiredSystemFeatures = [ "kvm" ];
  };
  called =
    {
      system,
      name ? "called",
    }:
    job name { };
  number = 1;
  list = [ tool ];
  closed = {
    hidden = job "hidden" { };
  };
  nested = {
    recurseForDerivations = true;
    deep = {
      recurseForDerivations = true;
      inner = job "inner" { };
    };
    described = job "described" { } // {
      meta = {
        description = "with a \"quote\"";
        license.free = true;
        maintainers = [ "a" ];
        position = null;
        tests = x: x;
        tool = tool;
      };
    };
  };
}
