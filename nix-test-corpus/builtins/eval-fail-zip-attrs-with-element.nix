# Each element must be a set.
builtins.zipAttrsWith (n: vs: vs) [ { a = 1; } [ ] ]
