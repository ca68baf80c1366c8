# With a default even the value before the dot may be no set.
[ (1 .a or "one") ([ ].a or "list") (null.a or "null") ("s".a or "string") ]
