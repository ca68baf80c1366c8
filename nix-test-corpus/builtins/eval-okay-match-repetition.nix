# Bounded repetition, alternation and greedy matching.
[
  (builtins.match "a{2,3}" "aaa")
  (builtins.match "a{2}" "aaa")
  (builtins.match "(a*)(a*)" "aaa")
  (builtins.match "(a|ab)(c|bcd)(d*)" "abcd")
  (builtins.match "x?(y+)" "yy")
  (builtins.match "(foo|bar)+" "foobar")
]
