# Pipes are the weakest operators, weaker than implication.
let
  show = x: if x then "true" else "false";
in
[
  (true -> false |> show)
  (show <| false -> false)
  ({ a = 1; } // { a = 2; } |> (s: s.a))
]
