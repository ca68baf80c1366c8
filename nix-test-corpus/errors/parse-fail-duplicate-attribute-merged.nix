# The same name in two sets that are merged.
{
  a = { x = 1; };
  a.x = 2;
}
