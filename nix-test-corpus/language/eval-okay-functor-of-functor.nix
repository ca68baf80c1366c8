# __functor may itself be a set with __functor.
let
  f = { __functor = { __functor = inner: self: x: "${self.tag}:${x}"; }; tag = "outer"; };
in
f "arg"
