# toString of a path is its text; no copy is made.
[ (toString /a/b) (toString /.) (baseNameOf (toString ./x.nix)) ]
