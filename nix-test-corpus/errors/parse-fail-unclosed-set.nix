# A set that is not closed.
{ a = 1;
