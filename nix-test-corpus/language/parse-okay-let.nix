# let with bindings, inherits and nested lets.
x: let a = 1; inherit x; inherit (x) y; b.c = a; in let d = b; in [ a d y ]
