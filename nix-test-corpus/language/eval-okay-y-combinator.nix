# Recursion without let: the Y combinator works in a lazy language.
(f: (x: f (x x)) (x: f (x x))) (self: n: if n == 0 then 1 else n * self (n - 1)) 10
