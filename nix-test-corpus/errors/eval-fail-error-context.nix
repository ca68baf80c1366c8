# addErrorContext adds its own line to the trace.
builtins.addErrorContext "while doing the outer thing" (
  builtins.addErrorContext "while doing the inner thing" (throw "problem")
)
