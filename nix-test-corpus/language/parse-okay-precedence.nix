# Every binary operator is shown with its parentheses.
a: b: c: d: a -> b || c && d == a < b // c + d * a ++ b ? c
