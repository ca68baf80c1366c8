# Each element needs a key.
builtins.genericClosure {
  startSet = [ { name = "a"; } ];
  operator = x: [ ];
}
