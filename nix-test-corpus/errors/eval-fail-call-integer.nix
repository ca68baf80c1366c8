# Calling a number.
5 6
