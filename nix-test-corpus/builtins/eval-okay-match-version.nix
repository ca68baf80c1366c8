# A practical use: taking a version apart.
let
  parse = s: builtins.match "([a-z-]+)-([0-9]+)\\.([0-9]+)(\\.([0-9]+))?" s;
in
map parse [ "tool-1.2.3" "my-tool-10.0" "no-version" ]
