# Paths of names and sets written in pieces become one literal per set, with all its names.
{
  a.b.c = 1;
  a.b.d = 2;
  a = { e = 3; };
  f = { };
  f.g = 4;
}
