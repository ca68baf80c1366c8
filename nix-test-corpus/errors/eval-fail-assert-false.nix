# A failed assertion shows its condition.
let
  n = 3;
in
assert n > 5;
"unreachable"
