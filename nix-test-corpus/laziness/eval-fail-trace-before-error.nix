# Traces come out before the error they precede.
builtins.trace "about to fail" (throw "failed")
