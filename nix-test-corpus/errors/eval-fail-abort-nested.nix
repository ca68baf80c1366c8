# An abort deep inside a list of sets.
[ { a = [ 1 (abort "here") ]; } ]
