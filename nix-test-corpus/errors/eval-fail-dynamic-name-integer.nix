# A computed attribute name must be a string or null.
{ ${toString 1} = 1; ${2} = 2; }
