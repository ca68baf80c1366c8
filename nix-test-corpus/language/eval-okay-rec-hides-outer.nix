# Inside a rec set its own names hide outer ones; a plain set does not.
let
  x = "outer";
in
{
  inRec = rec { x = "inner"; y = x; }.y;
  inPlain = { x = "inner"; y = x; }.y;
}
