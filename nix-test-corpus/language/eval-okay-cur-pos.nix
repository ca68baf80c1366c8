# __curPos is the place where it is written.
let
  here = __curPos;
in
[
  here
  { inherit (__curPos) line column; }
      __curPos.column
]
