# Without arguments on the command line, a top-level function is not called.
{ a ? 1, b ? a + 1 }:
[ a b ]
