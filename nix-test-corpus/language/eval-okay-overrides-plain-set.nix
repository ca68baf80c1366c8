# Without rec, __overrides is an attribute like any other.
{
  a = 1;
  __overrides = { a = 2; };
}
