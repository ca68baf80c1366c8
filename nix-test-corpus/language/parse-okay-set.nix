# Attributes are shown in byte order, inherits before and computed names after them.
a: b: {
  z = 1;
  y.x = 2;
  inherit a;
  inherit (a) q p;
  "quoted name" = 3;
  ${a} = 4;
  "pre${b}" = 5;
}
