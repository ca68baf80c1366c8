# A computed name that is null leaves the attribute out; its value is never evaluated.
let
  when = c: name: if c then name else null;
in
{
  ${when true "yes"} = 1;
  ${when false "no"} = throw "never";
  a = 2;
}
