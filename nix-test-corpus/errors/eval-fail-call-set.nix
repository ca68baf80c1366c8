# Calling a set that has no __functor.
{ a = 1; } 2
