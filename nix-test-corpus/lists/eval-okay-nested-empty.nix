# Empty lists print with a space, at any depth.
[ [ ] [ [ ] ] [ [ ] [ ] ] { l = [ ]; } ]
