# addErrorContext has no effect on a value that succeeds, nor is its text evaluated.
builtins.addErrorContext (throw "text not needed") { a = 1; }
