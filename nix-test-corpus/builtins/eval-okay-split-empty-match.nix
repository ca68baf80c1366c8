# A pattern that matches the empty string.
[ (builtins.split "" "abc") (builtins.split "x*" "axb") (builtins.split "(b*)" "ab") ]
