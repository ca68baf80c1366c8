# One regular expression matched against many short strings.
{ n ? 30000 }:
let
  matches = i: builtins.match "([a-z]+)-([0-9.]+)(-.*)?" "package-1.${toString i}-x" != null;
in
builtins.length (builtins.filter matches (builtins.genList (i: i) n))
