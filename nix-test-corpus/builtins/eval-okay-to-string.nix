# toString accepts more than interpolation does.
map toString [ 1 (-5) 1.5 true false null "s" /p [ ] [ 1 "a" ] [ [ 1 ] [ ] 2 ] [ true null false ] { __toString = self: "set"; } { outPath = "/o"; } ]
