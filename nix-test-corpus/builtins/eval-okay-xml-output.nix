# The --xml output of an evaluation.
{
  numbers = [ 1 (-2) 1.5 ];
  text = "a & b < c > d \"e\"";
  nothing = null;
  nested.deep = true;
  fn = { x, y ? 1 }: x;
  plain = x: x;
  whole = args@{ a, ... }: a;
  empty = [ { } [ ] "" ];
}
