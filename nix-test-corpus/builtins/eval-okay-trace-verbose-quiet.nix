# traceVerbose is silent by default.
builtins.traceVerbose (throw "not evaluated") "value"
