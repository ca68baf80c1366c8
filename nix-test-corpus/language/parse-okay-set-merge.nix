# Attribute paths with a common start are merged while parsing.
{ a.b = 1; a.c.d = 2; a = { e = 3; }; f.${"g"} = 4; }
