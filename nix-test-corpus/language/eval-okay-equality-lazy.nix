# Comparing stops at the first difference: sizes are looked at before values.
[
  ([ 1 (throw "no") ] == [ 2 (throw "no") ])
  ([ (throw "no") ] == [ ])
  ({ a = throw "no"; } == { b = 1; })
  ({ a = throw "no"; } == { a = 1; b = 2; })
]
