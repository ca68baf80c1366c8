# A search path has no slash at its end.
[ <nixpkgs/> ]
