# A context that is no string hides the first error behind its own.
builtins.addErrorContext 5 (throw "first")
