# == on sets compares attributes in the order their names first occur.
{
  ruby = builtins.trace "left ruby" 1;
  agate = builtins.trace "left agate" 2;
  jade = builtins.trace "left jade" 3;
}
== {
  jade = builtins.trace "right jade" 3;
  ruby = builtins.trace "right ruby" 1;
  agate = builtins.trace "right agate" 0;
}
