# A trailing comma after the last formal is allowed.
({ a, b ? 2, }: a + b) { a = 1; }
