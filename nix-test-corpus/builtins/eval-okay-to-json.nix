# JSON of every kind of value.
builtins.toJSON {
  int = 1; float = 1.5; string = "a\"b\\c\n\té\${x}"; yes = true; no = false; nothing = null;
  list = [ 1 [ ] { } ]; set.nested = [ ]; "key with space" = 0;
}
