# typeOf names the type.
map builtins.typeOf [ 1 1.5 "s" true null [ ] { } (x: x) map (map (x: x)) /p ]
