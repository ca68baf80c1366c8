# if is an expression; else if chains need no parentheses.
let
  size = n: if n < 10 then "small" else if n < 100 then "medium" else "large";
in
map size [ 5 50 500 ]
