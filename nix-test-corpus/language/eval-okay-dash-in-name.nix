# Without spaces a dash belongs to the name; with spaces it subtracts.
let
  a-b = "one name";
  a = 10;
  b = 4;
in
{
  joined = a-b;
  apart = a - b;
  half = a -b;
}
