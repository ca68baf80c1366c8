# tryEval does not catch that something would have to be built.
builtins.tryEval (import (derivation { name = "x"; system = "s"; builder = "b"; }))
