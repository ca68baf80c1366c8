# Strict evaluation visits names in the order they first occur in the program; printing sorts.
{
  pear = builtins.trace "pear" 3;
  apple = builtins.trace "apple" 1;
  Quince = builtins.trace "Quince" 2;
}
