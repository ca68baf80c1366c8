# zipAttrsWith collects values in the order of the list of sets.
builtins.zipAttrsWith (n: vs: vs) [ { b = 1; a = 1; } { a = 2; } { b = 3; a = 3; } ]
