# Two literal sets given for the same name are merged as well.
{
  a = { x = 1; };
  a = { y = 2; };
  a.z.p = 3;
  a = { z.q = 4; };
}
