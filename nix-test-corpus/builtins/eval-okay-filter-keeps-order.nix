# filter keeps order and elements.
[ (builtins.filter (x: x != null) [ 1 null 2 null ]) (builtins.filter (x: false) [ 1 ]) (builtins.filter (x: true) [ ]) ]
