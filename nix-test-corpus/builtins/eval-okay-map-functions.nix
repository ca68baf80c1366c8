# map on lists, with functions of several kinds.
[ (map (x: x + 1) [ 1 2 ]) (map builtins.isNull [ null 1 ]) (map (builtins.sub 10) [ 1 2 ]) (map (x: throw "never") [ ]) ]
