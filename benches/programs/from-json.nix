# JSON read: one text, many times over.
{ n ? 30000 }:
let
  item = i: ''{"name": "n${toString i}", "value": ${toString i}, "list": [1, 2.5, "three", null]}'';
  text = "[" + builtins.concatStringsSep "," (builtins.genList item n) + "]";
in
builtins.length (builtins.fromJSON text)
