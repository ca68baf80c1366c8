# The position is that of the source text, not of the call.
let
  where = _: __curPos.line;
in

[ (where 1) (where 2) __curPos.line ]
