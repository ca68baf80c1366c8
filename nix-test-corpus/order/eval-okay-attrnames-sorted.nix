# attrNames and attrValues agree on byte order.
let
  s = { b = "vb"; a = "va"; C = "vC"; aa = "vaa"; "a b" = "va b"; };
in
{
  names = builtins.attrNames s;
  values = builtins.attrValues s;
}
