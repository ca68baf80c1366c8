# deepSeq names the way to the failing part.
builtins.deepSeq { outer = [ 1 { inner = throw "deep"; } ]; } "done"
