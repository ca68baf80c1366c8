# A function keeps the scope it was written in.
let
  counter = n: { value = n; next = counter (n + 1); };
  c = counter 5;
  n = 1000;
in
[ c.value c.next.value c.next.next.value ]
