# ? asks the result of a further ?.
{ } ? a ? b.c
