# Names that are no identifiers, or keywords, are printed in quotes.
{
  "a b" = 1;
  "if" = 2;
  "" = 3;
  "1x" = 4;
  "x-1" = 5;
  "é" = 6;
  "q\"q" = 7;
  "new\nline" = 8;
  "\${x}" = 9;
  or = 10;
  x' = 11;
}
