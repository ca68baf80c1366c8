# Character classes, by name and by range.
let
  m = re: s: builtins.match re s != null;
in
[
  (m "[[:digit:]]+" "0123") (m "[[:alpha:]_][[:alnum:]_]*" "a_1") (m "[[:space:]]*" " \t\n")
  (m "[^a-c]+" "xyz") (m "[^a-c]+" "xaz") (m "[]]" "]") (m "[a-]+" "-a-") (m "[[:upper:]]" "a") (m "[.]" "x")
]
