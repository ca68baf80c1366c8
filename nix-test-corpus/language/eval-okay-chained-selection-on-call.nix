# Selection binds to the operand next to it; parentheses select from a result.
let
  mk = n: { value = n; };
  s = { n = 3; };
in
[ (mk s.n).value (mk 4).value ((x: { y = x; }) 5).y ]
