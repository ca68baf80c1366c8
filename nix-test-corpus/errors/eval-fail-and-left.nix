# The left side of && must be a Boolean.
let
  n = 1;
in
n && true
