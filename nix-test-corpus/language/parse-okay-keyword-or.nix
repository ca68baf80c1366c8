# "or" as attribute name, as default and as variable.
a: let or = 1; in [ a.or (a.or or a) (a or) { or = 1; } ]
