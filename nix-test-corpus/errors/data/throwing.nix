# Fails for the reason it is given.
{ reason }:
throw "failing ${reason}"
