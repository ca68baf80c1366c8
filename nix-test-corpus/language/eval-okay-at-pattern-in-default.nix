# A default may use the @ name.
({ n ? args.m * 2, m, ... }@args: n) { m = 21; }
