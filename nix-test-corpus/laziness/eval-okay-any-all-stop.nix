# any and all stop at the first decisive element.
[
  (builtins.any (x: if x > 2 then throw "too far" else x == 2) [ 1 2 3 ])
  (builtins.all (x: if x > 2 then throw "too far" else x < 2) [ 1 2 3 ])
]
