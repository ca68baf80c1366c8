# Lists are joined by spaces; an empty list inside leaves no space behind.
map toString [ [ [ ] "a" ] [ "a" [ ] ] [ "a" [ ] "b" ] [ "" "" ] [ [ [ "deep" ] ] ] [ null "x" ] ]
