# split gives the text between matches and, for each match, the list of its groups.
[
  (builtins.split "," "a,b,,c")
  (builtins.split "(,)" "a,b")
  (builtins.split "x" "no match")
  (builtins.split "(a)|(b)" "a-b")
  (builtins.split "," "")
  (builtins.split "," ",")
]
