# Many small sets zipped.
{ n ? 50000 }:
let
  sets = builtins.genList (i: { "a${toString (i / 4)}" = i; all = 1; }) n;
in
builtins.length (builtins.zipAttrsWith (name: values: values) sets).all
