# A set with __toString or outPath becomes that string.
builtins.toJSON [ { outPath = "/out"; other = 1; } { __toString = self: "text ${self.n}"; n = "1"; } { outPath = [ 1 2 ]; } ]
