# A set with __functor can be called; it gets itself first.
let
  adder = { n = 5; __functor = self: x: x + self.n; };
in
[ (adder 1) ((adder // { n = 100; }) 1) (map adder [ 1 2 ]) ]
