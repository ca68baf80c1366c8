# A call with too many arguments calls the result.
let
  inc = x: x + 1;
in
inc 1 2
