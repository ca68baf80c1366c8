# A binding must end with a semicolon.
{
  a = 1
  b = 2;
}
