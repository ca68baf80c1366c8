# Asking a value that is no set for an attribute is false.
[ (1 ? a) ([ ] ? a) ("s" ? a) (null ? a) ((x: x) ? a) (/p ? a) ]
