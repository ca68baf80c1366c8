# Other builtins are reachable with two underscores.
[ (__add 1 2) (__length [ 1 ]) (__attrNames { a = 1; }) (__typeOf __head) (__elemAt [ 5 ] 0) ]
