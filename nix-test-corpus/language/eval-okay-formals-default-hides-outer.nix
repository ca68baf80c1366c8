# In a default, parameter names hide outer variables.
let
  x = "outer";
in
({ x ? "param", y ? x }: y) { }
