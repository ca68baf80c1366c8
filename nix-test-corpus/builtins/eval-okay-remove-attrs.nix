# removeAttrs ignores names that are not there.
[ (removeAttrs { a = 1; b = 2; c = 3; } [ "c" "a" "zzz" ]) (removeAttrs { a = 1; } [ ]) (removeAttrs { } [ "a" ]) ]
