# -A selects from the result; functions on the way are called.
{ x ? "arg" }:
{ outer = { }: { inner = [ "zero" x ]; }; }
