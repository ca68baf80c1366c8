# Attributes of a rec set see each other.
rec {
  x = y + 1;
  y = 2;
  s = "${toString x}-${toString y}";
}
