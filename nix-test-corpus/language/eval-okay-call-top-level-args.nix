# --arg passes an expression, --argstr a string, to a top-level function.
{ n, s, other ? "default" }:
[ n s other ]
