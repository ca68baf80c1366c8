# Merged sets may hold inherit clauses.
let
  src = { p = 1; q = 2; };
  r = 3;
in
{
  a = { inherit (src) p; };
  a = { inherit (src) q; inherit r; };
}
