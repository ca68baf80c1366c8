# A name given as a plain string in braces counts as static: rec and let see it.
rec {
  ${"a"} = 1;
  "b" = a + 1;
  c = b + 1;
}
