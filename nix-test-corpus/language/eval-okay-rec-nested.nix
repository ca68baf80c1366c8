# A nested rec set sees both scopes, the inner one first.
rec {
  a = 1;
  b = 2;
  inner = rec { a = 10; sum = a + b; };
  outer = a + inner.a;
}
