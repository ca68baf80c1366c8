# `a: b: c: …` is one code of three parameters; a call passes what it has at once. A body in between starts another code.
let
  three = a: b: c: [ a b c ];
  split = a: let d = a; in b: d + b;
in
[ (three 1 2 3) (three 1) (split 1 2) ]
