# The same for a function without a name.
({ a, b }: a + b) { a = 1; }
