# Line endings of the other kind parse alike.
{
  a = 1; # one
  b = "x
y";
}
