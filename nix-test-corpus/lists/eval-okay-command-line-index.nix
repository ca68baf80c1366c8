# On the command line a number in an attribute path indexes a list.
{ xs = [ "zero" "one" "two" ]; }
