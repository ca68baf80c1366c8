# substring: a length that is too large or negative means to the end.
let
  s = "hello";
in
[
  (builtins.substring 0 2 s) (builtins.substring 1 3 s) (builtins.substring 3 100 s) (builtins.substring 2 (-1) s)
  (builtins.substring 5 1 s) (builtins.substring 100 5 s) (builtins.substring 0 0 s) (builtins.substring 0 (-1) "")
]
