# Not-a-number differs from itself, but a list that holds it is the same list.
let
  inf = 1.0e200 * 1.0e200;
  nan = inf - inf;
in
[ (nan == nan) (nan < nan) (nan > 1) ([ nan ] == [ nan ]) ]
