# Strings that grow by `+` until they have a thousand parts.
{ n ? 100000 }:
let
  grow = text: i: text + "part ";
  thousand = i: builtins.stringLength (builtins.foldl' grow (toString i) (builtins.genList (i: i) 1000));
in
builtins.foldl' (sum: i: sum + thousand i) 0 (builtins.genList (i: i) (n / 1000))
