# Keys may be lists and numbers of both kinds; 1 and 1.0 are the same key.
map (x: x.key) (builtins.genericClosure {
  startSet = [ { key = 1; } { key = 1.0; } { key = 2.5; } ];
  operator = _: [ ];
}) ++ map (x: x.key) (builtins.genericClosure {
  startSet = [ { key = [ 1 "a" ]; } { key = [ 1 "b" ]; } { key = [ 1 "a" ]; } ];
  operator = _: [ ];
})
