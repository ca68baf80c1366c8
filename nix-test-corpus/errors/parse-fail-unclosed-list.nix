# A list that is not closed.
[ 1 2
