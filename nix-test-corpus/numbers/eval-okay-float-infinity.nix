# A product that is too large is infinite.
let
  inf = 1.0e200 * 1.0e200;
in
[ inf (-inf) (inf == inf) (inf > 1.0e308) (1 / inf) (toString inf) ]
