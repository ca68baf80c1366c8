# match wants the whole string; groups become a list.
[
  (builtins.match "ab" "abc")
  (builtins.match "abc" "abc")
  (builtins.match "a(.*)c" "abbc")
  (builtins.match "(a)(b)?(c)" "ac")
  (builtins.match "((a)|(b))+" "ab")
  (builtins.match ".*" "")
  (builtins.match "" "")
]
