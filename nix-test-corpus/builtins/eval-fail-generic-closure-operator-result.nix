# The operator must return a list.
builtins.genericClosure {
  startSet = [ { key = 1; } ];
  operator = x: null;
}
