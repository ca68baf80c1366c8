# Functions all the way down.
let
  zero = f: x: x;
  succ = n: f: x: f (n f x);
  plus = m: n: f: x: m f (n f x);
  times = m: n: f: m (n f);
  toInt = n: n (x: x + 1) 0;
  two = succ (succ zero);
  three = succ two;
in
map toInt [ zero two (plus two three) (times three three) ]
