# With --trace-verbose it traces.
builtins.traceVerbose "seen" "value"
