# Merging into a rec set: attributes added later are in its scope.
{
  a = rec { x = y; };
  a.y = "added";
}
