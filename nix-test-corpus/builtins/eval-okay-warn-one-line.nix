# A warning of one line.
builtins.warn "check your configuration" { ok = true; }
