# deepSeq on a cyclic value ends.
let
  s = { me = s; list = [ s s ]; };
in
builtins.deepSeq s "done"
