# A set pattern evaluates its argument to a set, but not the values in it.
({ a, b }: a) { a = 1; b = throw "not needed"; }
