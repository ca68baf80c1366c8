# Also the last one.
{ a = 1 }
