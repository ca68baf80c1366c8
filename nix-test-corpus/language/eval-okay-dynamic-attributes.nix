# Attribute names can be computed.
let
  prefix = "key";
  name = n: "${prefix}-${toString n}";
in
{
  ${name 1} = "one";
  "${prefix}-2" = "two";
  nested.${prefix}.x = 3;
  ${prefix}.y = 4;
}
