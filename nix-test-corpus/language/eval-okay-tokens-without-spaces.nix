# Tokens need no space where they cannot be confused.
let f=x: y: [x(y)]; a={b=1;};in[(f 1 2)a.b(1+1)(a//{c=3;})]
