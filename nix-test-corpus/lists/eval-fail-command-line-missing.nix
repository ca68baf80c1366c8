# A missing name on the command line comes with suggestions.
{ list = [ 1 ]; last = 2; other = 3; }
