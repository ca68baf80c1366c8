# Computed names of a rec set are not visible as variables, but its values see the static ones.
let
  x = "outer";
  name = "x";
in
rec {
  ${name} = "computed";
  base = 1;
  ${name + "2"} = base + 1;
  seen = x;
}
