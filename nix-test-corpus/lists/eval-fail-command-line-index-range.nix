# A command line index that is too large.
{ xs = [ 1 2 3 ]; }
