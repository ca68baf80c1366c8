# Joining: the separator stands between, also around empty strings.
let
  join = builtins.concatStringsSep;
in
[ (join ", " [ ]) (join ", " [ "a" ]) (join ", " [ "a" "" "b" ]) (join "" [ "x" "y" ]) (join "-" [ { outPath = "/o"; } { __toString = _: "s"; } ]) ]
