# A list of cons cells may be endless.
let
  from = n: { head = n; tail = from (n + 1); };
  take = n: l: if n == 0 then [ ] else [ l.head ] ++ take (n - 1) l.tail;
in
take 5 (from 10)
