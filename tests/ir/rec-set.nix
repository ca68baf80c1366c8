# The attributes of a `rec` set are slots of a `let`, and the set is made of them.
rec {
  a = 1;
  b = a + c;
  c = { d = a; };
}
