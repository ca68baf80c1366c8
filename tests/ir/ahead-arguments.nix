# An argument over values that are there is computed before the call if that cannot fail; else the thunk is passed.
let
  loop = n: set: if n == 0 then set.value else loop (n - 1) set.next;
in
loop 3
