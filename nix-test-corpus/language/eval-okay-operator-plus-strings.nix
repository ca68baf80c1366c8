# + joins strings, and accepts sets that have a string form.
let
  s = { __toString = _: "set"; };
in
[ ("a" + "b") ("a" + s) (s + "b") ("" + "") ("p:" + toString /x) ]
