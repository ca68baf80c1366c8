# A failing default.
let
  f = { a ? throw "no default for a" }: a;
in
f { }
