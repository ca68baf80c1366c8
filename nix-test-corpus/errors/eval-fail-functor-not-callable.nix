# __functor must be a function.
{ __functor = 5; } 1
