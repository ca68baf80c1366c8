# |> applies to the right, <| to the left.
let
  inc = x: x + 1;
  double = x: x * 2;
in
[
  (3 |> inc |> double)
  (double <| inc <| 3)
  ([ 1 2 3 ] |> map double |> builtins.length)
  (1 + 2 |> inc)
  (toString <| 1 + 1)
]
