# `==` of large values that are equal.
{ n ? 50000 }:
let
  item = i: { name = "n"; value = i; inner = { list = [ i ]; }; };
  items = start: builtins.genList (i: item (i + start)) n;
in
items 0 == items 0
