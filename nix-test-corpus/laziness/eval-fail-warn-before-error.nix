# Warnings come out before the error they precede.
builtins.warn "about to fail" (throw "failed")
