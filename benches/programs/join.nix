# One string of many.
{ n ? 200000 }:
builtins.stringLength (builtins.concatStringsSep ", " (builtins.genList (i: "word${toString i}") n))
