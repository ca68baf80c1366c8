# Doc comments change nothing about the value.
let
  /**
    Adds one.
  */
  inc = x: x + 1;
in
{
  /** the answer */
  answer = inc 41;
}
