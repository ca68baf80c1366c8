# An empty pattern matches before every byte and at the end.
let
  r = builtins.replaceStrings;
in
[ (r [ "" ] [ "-" ] "abc") (r [ "" ] [ "-" ] "") (r [ "b" "" ] [ "B" "_" ] "abc") (r [ "" "b" ] [ "_" "B" ] "abc") ]
