# A name where the command line path has a list.
{ xs = [ 1 2 3 ]; }
