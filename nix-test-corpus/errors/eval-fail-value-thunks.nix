# Parts that were not evaluated are shown as thunks.
builtins.length { a = 1 + 1; b = "known"; f = x: x; }
