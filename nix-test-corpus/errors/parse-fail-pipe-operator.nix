# The pipe operators are an experimental feature.
[ 1 2 ] |> map (x: x)
