# toXML writes a whole value; functions show their formals.
builtins.toXML {
  int = 1;
  float = 1.5;
  string = "<&>\"'\n";
  list = [ true null ];
  f = { a, b ? 2, ... }@args: a;
  g = x: x;
  path = /p;
}
