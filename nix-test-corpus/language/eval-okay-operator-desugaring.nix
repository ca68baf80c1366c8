# - * / < and unary minus call __sub, __mul, __div and __lessThan by name.
let
  __sub = a: b: "sub ${toString a} ${toString b}";
  __mul = a: b: "mul ${toString a} ${toString b}";
  __div = a: b: "div ${toString a} ${toString b}";
  __lessThan = a: b: a == "less";
in
[ (5 - 3) (5 * 3) (5 / 3) (-5) ("less" < 0) (0 > "less") ("less" >= 0) (0 <= 1) ]
