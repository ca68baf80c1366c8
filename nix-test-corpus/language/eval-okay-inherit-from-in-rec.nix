# In a rec set the source of inherit sees the set's own names.
rec {
  src = { v = "own"; };
  inherit (src) v;
  w = v + "!";
}
