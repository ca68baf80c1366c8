# An endless sieve, looked at only as far as needed.
let
  from = n: { head = n; tail = from (n + 1); };
  multiple = n: p: n - (n / p) * p == 0;
  drop = p: l: if multiple l.head p then drop p l.tail else { inherit (l) head; tail = drop p l.tail; };
  sieve = l: { inherit (l) head; tail = sieve (drop l.head l.tail); };
  take = n: l: if n == 0 then [ ] else [ l.head ] ++ take (n - 1) l.tail;
in
take 8 (sieve (from 2))
