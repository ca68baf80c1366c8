# Many regular expressions on short strings.
let
  matches = i: builtins.match "([a-z]+)-([0-9.]+)(-.*)?" "package-1.${toString i}-x" != null;
in
builtins.length (builtins.filter matches (builtins.genList (x: x) 50000))
