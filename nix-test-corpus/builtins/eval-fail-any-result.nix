# any wants Booleans.
builtins.any (x: null) [ 1 ]
