# Indexes and names may alternate.
[ { } { rows = [ [ "a" "b" ] ]; } ]
