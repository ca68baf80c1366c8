# functionArgs of a set, even one with __functor.
builtins.functionArgs { __functor = self: { a }: a; }
