# A `rec` set with `__overrides`: siblings see the attributes as they are after it.
rec {
  a = 1;
  b = a;
  __overrides = { a = 2; };
}
