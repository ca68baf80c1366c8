# Selection takes a path of names, strings and interpolations.
let
  s = { a."b c".d = 1; k = "a"; };
  key = "b c";
in
[ s.a."b c".d s.${s.k}.${key}.d s."a"."${key}".d ]
