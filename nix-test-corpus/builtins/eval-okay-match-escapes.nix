# Special characters are escaped by a backslash, or stand in brackets.
[
  (builtins.match "a\\.b" "a.b")
  (builtins.match "a\\.b" "axb")
  (builtins.match "[*+?]" "+")
  (builtins.match "\\(x\\)" "(x)")
  (builtins.match "(.*)\\$" "5$")
  (builtins.match "a\nb" "a\nb")
  (builtins.match "a.b" "a\nb")
]
