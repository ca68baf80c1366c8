# A set with outPath or __toString can be interpolated; __toString wins.
let
  a = { outPath = "/from/outPath"; };
  b = { __toString = self: "I am ${self.name}"; name = "b"; };
  c = a // b;
in
[ "${a}" "${b}" "${c}" ]
