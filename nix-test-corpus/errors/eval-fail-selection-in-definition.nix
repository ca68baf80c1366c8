# The definition that a selection came to.
let
  set = { inner = { value = throw "here"; }; };
  name = "value";
in
set.inner.${name}
