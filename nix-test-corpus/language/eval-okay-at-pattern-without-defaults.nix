# The @ name holds what was passed: defaults are not in it.
({ a ? 1, b ? 2 }@args: { inherit a b args; }) { b = 20; }
