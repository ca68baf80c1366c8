# Replacements happen from left to right, the first pattern that fits wins.
let
  r = builtins.replaceStrings;
in
[
  (r [ "a" "b" ] [ "b" "a" ] "abba")
  (r [ "ab" "a" ] [ "1" "2" ] "aab")
  (r [ "a" "ab" ] [ "1" "2" ] "aab")
  (r [ "aa" ] [ "a" ] "aaaaa")
  (r [ ] [ ] "unchanged")
  (r [ "x" ] [ "" ] "xaxbx")
]
