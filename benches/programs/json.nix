# JSON there and back.
let
  data = builtins.genList (i: { name = "n${toString i}"; value = i; list = [ i (i + 1) ]; }) 30000;
in
builtins.length (builtins.fromJSON (builtins.toJSON data))
