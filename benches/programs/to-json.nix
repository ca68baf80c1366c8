# Values written as JSON.
{ n ? 30000 }:
let
  item = i: { name = "n${toString i}"; value = i; list = [ i (i + 1) ]; half = i * 0.5; };
in
builtins.stringLength (builtins.toJSON (builtins.genList item n))
