# A default that is not needed is not evaluated.
[
  (({ a ? throw "unused" }: 1) { })
  (({ a ? throw "unused" }: a) { a = 2; })
]
