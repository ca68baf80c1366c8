# Lists compare element by element, a prefix is smaller.
[
  ([ 1 2 ] < [ 1 3 ])
  ([ 1 ] < [ 1 0 ])
  ([ ] < [ 1 ])
  ([ ] < [ ])
  ([ [ 1 ] "b" ] > [ [ 1 ] "a" ])
  ([ 1 "x" ] < [ 2 (throw "not reached") ])
  ([ 2 ] >= [ 1 9 ])
]
