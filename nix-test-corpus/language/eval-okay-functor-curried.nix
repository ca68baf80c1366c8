# A functor may take several arguments and may return another functor.
let
  pair = { __functor = self: a: b: [ a b ]; };
  chain = { __functor = self: a: { __functor = _: b: a + b; }; };
in
[ (pair 1 2) (chain 3 4) ]
