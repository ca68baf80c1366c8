# A failing functor.
{ __functor = self: { a }: a; } { }
