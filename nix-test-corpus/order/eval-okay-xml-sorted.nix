# The XML form lists attributes in byte order too.
{ b = 2; a = 1; C = { z = null; y = true; }; }
