# Numbers must be quoted as attribute names.
{ 1 = "one"; }
