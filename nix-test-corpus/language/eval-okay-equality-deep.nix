# == compares sets and lists by their contents.
[
  ({ a = [ 1 { b = "x"; } ]; } == { a = [ 1 { b = "x"; } ]; })
  ({ a = 1; } == { a = 1; b = 2; })
  ([ 1 2 ] == [ 2 1 ])
  ([ ] == [ ])
  ({ } == { })
  ([ [ ] ] == [ ])
]
