# Strings are bytes: length counts bytes, text passes through unchanged.
let
  s = "héllo → 雪";
in
{
  inherit s;
  bytes = builtins.stringLength s;
}
