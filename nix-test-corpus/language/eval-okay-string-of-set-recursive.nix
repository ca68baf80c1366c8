# outPath and the result of __toString may again be sets.
let
  inner = { outPath = "deep"; };
  outer = { outPath = { outPath = inner; }; };
  viaFn = { __toString = _: outer; };
in
[ "${outer}" "${viaFn}" (toString viaFn) ]
