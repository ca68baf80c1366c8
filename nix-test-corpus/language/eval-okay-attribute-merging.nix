# Attribute paths with a common start build one set.
{
  a.b.c = 1;
  a.b.d = 2;
  a.e = 3;
  f = { g = 4; };
  f.h = 5;
}
