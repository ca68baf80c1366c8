# groupBy makes a set of lists.
[
  (builtins.groupBy (builtins.substring 0 1) [ "apple" "avocado" "banana" "" ])
  (builtins.groupBy (x: throw "not called") [ ])
  (builtins.groupBy (x: if builtins.isInt x then "int" else "other") [ 1 "a" 2 null ])
]
