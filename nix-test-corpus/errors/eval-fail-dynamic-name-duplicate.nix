# A computed name that is already there.
let
  key = "a";
in
{
  a = 1;
  ${key} = 2;
}
