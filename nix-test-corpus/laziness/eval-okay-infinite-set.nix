# A set may contain itself, to any depth.
let
  s = { me = s; name = "loop"; };
in
s.me.me.me.name
