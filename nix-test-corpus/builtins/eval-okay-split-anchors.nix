# ^ and $ match at the ends.
[ (builtins.split "^a" "aab") (builtins.split "b$" "abb") (builtins.match "^abc$" "abc") ]
