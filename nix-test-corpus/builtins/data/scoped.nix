# Uses a name that only its importer can provide.
[ given (map (x: x) [ 1 ]) ]
