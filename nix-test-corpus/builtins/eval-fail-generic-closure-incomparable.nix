# Keys must have a common order.
builtins.genericClosure {
  startSet = [ { key = 1; } { key = "a"; } ];
  operator = x: [ ];
}
