# An error inside the predicate.
builtins.filter (x: throw "predicate on ${toString x}") [ 7 ]
