# A path through a value that is no set.
{
  a = 1;
  a.b = 2;
}
