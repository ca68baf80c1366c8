# A functor that is its own functor is called for ever: the depth limit ends it.
let
  s = {
    __functor = s;
  };
in
s 1
