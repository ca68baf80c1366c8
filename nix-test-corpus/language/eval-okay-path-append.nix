# path + string appends text and normalises; it stays a path.
let
  base = /some/dir;
in
{
  slash = base + "/file";
  glued = base + "ectory";
  two = base + "/a" + "/b";
  path = base + /etc;
  type = builtins.typeOf (base + "/x");
  text = "x" + toString base;
}
